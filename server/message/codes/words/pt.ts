import type { Words } from './words.ts';

export const pt: Words = {
  oneTime: `código* de verificação, código* de segurança, código* de confirmação, código* de autenticação,
    código* de ativação, código* de activação, código* de uso único, código* temporário*, código* de login,
    código* de autorização, código* de recuperação, código* de utilização única, código* único*, código* de validação,
    código* de início de sessão, código* otp, token de segurança, token de acesso, senha de uso único, senha temporária,
    senha descartável, palavra passe de uso único, palavra passe temporária, pin de uso único`,
  maybe: `código*, senha, código* de acesso, token, palavra passe`,
  otherNames: `código* de desconto, código* promocional*, código de rastreio, código de rastreamento, código de erro,
    código fonte, código do cliente, código de cliente, código do pedido, código de cupom, código do produto, código
    de barras, código postal, código qr, código de reserva, código de área, código do país, código de convite, código
    de indicação, código de retirada, código de levantamento, código do banco, código de status, fatura, encomenda,
    telefone, valor, conta, final, nota fiscal, pedido, número, cep, cnpj, cpf, nif, referência, código* do quarto,
    código* de quarto, código* wifi, código* wi fi, código* do wifi, código* do portão, código* da porta, código* do
    alarme, código* da fatura, código* de fatura, código* da cor, código* de cor, código* do modelo, código* do lote,
    código iata, código* do voo, código* do fornecedor, código* da loja, código* do sorteio, código penal, código
    civil, código* de retorno, código* de saída, código* de resposta, código* de fidelidade, código* do funcionário,
    código* de estacionamento, código* da região, código* do município, código* fiscal, código* de imposto, código* do
    contrato, código* de tamanho, código* de vestimenta, código* de presente, código* do amigo, código* de origem,
    código* de artigo`,
  elsewhere: `desconto*, cupom, cupons, cupão, promoção, primeira compra, próxima compra, frete grátis, economize, vale presente`,
  meeting: `id da reunião, id de reunião, entrar na reunião, id da conferência, id do webinar`,
  units: `minutos, minuto, segundos, horas, hora, dias, dia, semanas, meses, anos, pontos, vezes, reais, euros`,
  is: `é, são, é o, é a`,
  number: `número, nº, é, id`,
  enter: `use, digite, insira, introduza`,
  purpose: `para entrar, para confirmar, para verificar, para continuar, para acessar`,
  not: `não é, não, em vez de`,
  past: `expirou, já não é válido, não é mais válido`,
};
