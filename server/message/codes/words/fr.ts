import type { Words } from './words.ts';

export const fr: Words = {
  oneTime: `code* de vérification, code* de confirmation, code* de sécurité, code* de connexion, code* d'authentification,
    code* d'activation, code* de validation, code* à usage unique, code* temporaire*, code* unique*, code* d'autorisation,
    code* de réinitialisation, code* de récupération, code* de secours, code* d'identification, code* sms, code* otp,
    mot de passe à usage unique, mot de passe temporaire, mot de passe unique`,
  maybe: `code, codes, code* d'accès, code* secret*, code* confidentiel*, mot de passe`,
  otherNames: `code* promo*, code* postal, code* postaux, code* barre*, code* à barre*, code* source, code d'erreur,
    code erreur, code* de réduction, code* de remise, code pays, code client, code avantage, code* cadeau*, code de
    parrainage, code de suivi, code de conduite, code article, code de retrait, code produit, code qr, qr code, code
    de réservation, code d'état, code statut, code agence, code banque, code guichet, code de livraison, code* de
    réduc, code vestimentaire, code de contrôle, code de porte, code immeuble, code consigne, commande, facture,
    dossier, téléphone, tél, montant, compte, colis, numéro, réservation, se terminant par, référence, référence
    client, siret, siren, rcs, n°, service client, service clients, point relais, point de retrait, appelez le, code
    de la chambre, code de chambre, code chambre, code wifi, code wi fi, code du portail, code portail, code du
    portillon, code d'entrée, code de l'alarme, code alarme, code insee, code naf, code ape, code commune, code taxe,
    code matériel, code facture, code de facturation, code couleur, code modèle, code lot, code tva, code douanier,
    code iata, code vol, code parrain, code ami, code bon d'achat, code avantage*, code parking, code garage, code
    région, code département, code indicatif, code fournisseur, code fidélité, code concours, code jeu, code civil,
    code pénal, code du travail, code de la route, code de retour, code de sortie, code iban, code bic, code swift,
    code fiscal, code naf ape, code coffre, code taille, code du cadenas, code cadenas, code station, code de la borne`,
  elsewhere: `réduction, remise, % de réduction, promo*, soldes, bon d'achat, en magasin, carte cadeau, livraison offerte,
    livraison gratuite, parrainage, panier, prochaine commande`,
  meeting: `id de réunion, réunion id, id de la réunion, identifiant de réunion, conférence téléphonique, id de conférence`,
  units: `minutes, minute, secondes, seconde, heures, heure, jours, jour, semaines, mois, ans, points, fois, euros`,
  is: `est, sont, est le, le, voici`,
  number: `numéro, n°, no, est, id`,
  enter: `saisissez, entrez, utilisez, tapez`,
  purpose: `pour vous connecter, pour confirmer, pour valider, pour vérifier, pour continuer`,
  not: `n'est pas, pas, et non, au lieu de, plutôt que`,
  past: `a expiré, est expiré, n'est plus valable`,
};
