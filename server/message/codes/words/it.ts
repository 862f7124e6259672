import type { Words } from './words.ts';

export const it: Words = {
  oneTime: `codice di verifica, codici di verifica, codice di conferma, codice di sicurezza, codice di autenticazione,
    codice di attivazione, codice monouso, codice temporaneo, codice usa e getta, codice otp, codice di autorizzazione,
    codice di recupero, codici di recupero, codici di backup, codice univoco, codice di convalida, codice di login,
    password monouso, password temporanea, pin monouso, password usa e getta`,
  maybe: `codice, codici, codice di accesso, codice d'accesso, codice segreto`,
  otherNames: `codice sconto, codici sconto, codice promo*, codice postale, codice fiscale, codice a barre, codice
    sorgente, codice errore, codice di errore, codice cliente, codice ordine, codice prodotto, codice articolo, codice
    di tracciamento, codice prenotazione, codice di prenotazione, codice coupon, codice di spedizione, codice
    destinatario, codice regalo, codice invito, codice amico, codice qr, codice paese, codice di stato, codice di
    ritiro, codice univoco ufficio, codice swift, codice iban, codice attività, codice di avviamento, ordine, fattura,
    telefono, importo, conto, spedizione, numero, prenotazione, cap, totale, riferimento, codice camera, codice della
    camera, codice stanza, codice wifi, codice wi fi, codice del wifi, codice cancello, codice del cancello, codice
    portone, codice allarme, codice colore, codice fattura, codice modello, codice lotto, codice iata, codice volo,
    codice fornitore, codice negozio, codice concorso, codice penale, codice civile, codice di uscita, codice di
    risposta, codice di fatturazione, codice fedeltà, codice dipendente, codice parcheggio, codice garage, codice
    regione, codice comune, codice catastale, codice ateco, codice tributo, codice doganale, codice taglia, codice
    materiale, codice tassa, codice pratica, codice contratto, codice pod, codice voucher, codice buono, codice
    promozionale`,
  elsewhere: `sconto, sconti, % di sconto, buono, promozione, promo, coupon, prossimo acquisto, primo acquisto, risparmia,
    spedizione gratuita, carrello`,
  meeting: `id riunione, id della riunione, partecipa alla riunione, id conferenza, id webinar`,
  units: `minuti, minuto, secondi, ore, ora, giorni, giorno, settimane, mesi, anni, punti, volte, euro`,
  is: `è, sono, è il`,
  number: `numero, n, è, id`,
  enter: `inserisci, usa, digita, inserire`,
  purpose: `per accedere, per confermare, per verificare, per continuare, per completare`,
  not: `non è, non, invece di`,
  past: `è scaduto, non è più valido`,
};
