import type { CodeMail } from './mail.ts';

/** French, Spanish, Portuguese, Italian. */
export const romance: readonly CodeMail[] = [
  {
    name: 'fr: code de vérification',
    subject: 'Votre code de vérification',
    text: 'Bonjour Ada,\n\nVotre code de vérification est : 482913\nIl expire dans 10 minutes.\n',
    code: '482913',
  },
  {
    name: 'fr: mot de passe à usage unique',
    subject: 'Connexion',
    html: '<p>Voici votre mot de passe &agrave; usage unique&nbsp;:</p><p>739 104</p><p>Commande n&deg; 884421, 75011 Paris</p>',
    code: '739104',
  },
  {
    name: 'fr: le code, pour se connecter',
    subject: 'Connexion à Boutique',
    text: 'Saisissez le code 305518 pour vous connecter à votre compte.\n',
    code: '305518',
  },
  {
    name: 'fr: codes promo et postaux',
    subject: 'Votre code promo',
    text: 'Code promo : NOEL2026\nCode postal : 75011\nCode de réduction 482913\nFacture n° 20261 : 1 299,00 €\nTél. 01 42 68 53 00\n',
    code: null,
    codes: [],
  },
  {
    name: 'es: código de verificación',
    subject: 'Tu código de verificación',
    text: 'Hola, Ada:\n\nTu código de verificación es 482913. Caduca en 10 minutos.\n',
    code: '482913',
  },
  {
    name: 'es: contraseña de un solo uso',
    subject: 'Inicio de sesión',
    html: '<p>Tu contrase&ntilde;a de un solo uso es</p><h2>7035 1182</h2><p>Pedido 884421</p>',
    code: '70351182',
  },
  {
    name: 'es: clave, sin acentos',
    subject: 'Clave de acceso',
    text: 'Su codigo de seguridad: 55-01-82\nFecha: 21/11/2026\n',
    code: '550182',
  },
  {
    name: 'es: sin código',
    subject: 'Tu pedido 884421',
    text: 'Número de pedido: 884421\nCódigo postal 28013 Madrid\nCódigo de descuento: NAVIDAD10\nImporte: 1.299,00 €\nTeléfono: 915 550 100\n',
    code: null,
    codes: [],
  },
  {
    name: 'pt: código',
    subject: 'Seu código de acesso',
    text: 'Olá, Ada!\n\nUse o código 660142 para entrar na sua conta. Ele expira em 5 minutos.\n',
    code: '660142',
  },
  {
    name: 'pt: senha',
    subject: 'Senha temporária',
    html: '<p>Sua senha de uso &uacute;nico:</p><div><b>914 770</b></div><p>&copy; 2026 Loja Ltda.</p>',
    code: '914770',
  },
  {
    name: 'pt: nada',
    subject: 'Cupom de desconto',
    text: 'Código de desconto: PROMO15\nCódigo de rastreio 48291377\nValor: R$ 1200,00\nNota fiscal 202614\n',
    code: null,
    codes: [],
  },
  {
    name: 'it: codice di verifica',
    subject: 'Il tuo codice di verifica',
    text: 'Ciao Ada,\nil tuo codice di verifica è 194027.\nScade tra 10 minuti.\n',
    code: '194027',
  },
  {
    name: 'it: codice, nel blocco',
    subject: 'Accedi a Negozio',
    html: '<p>Inserisci il codice qui sotto per accedere:</p><table><tr><td>40 71 88</td></tr></table><p>00184 Roma</p>',
    code: '407188',
  },
  {
    name: 'it: altri codici',
    subject: 'Ordine 884421 spedito',
    text: 'Numero ordine: 884421\nCodice sconto: ESTATE2026\nCodice postale 00184\nCodice cliente 55012\nTotale 1.299,00 €\n',
    code: null,
    codes: [],
  },
];
