"""The families of words that refusals in five languages are made of, as expressions (RE2) over the normal form."""

from __future__ import annotations

GERMAN = {
    "refused": r"\b(?:gesperrt\w*|blockiert\w*|abgelehnt|abgewiesen|verweigert|verboten|untersagt|nicht (?:\w+ )?(?:angenommen"
    r"|akzeptiert|erlaubt|zugelassen|zulassig|gestattet|willkommen|erwunscht|gewunscht|an)|sperrliste"
    r"|unerwunscht\w*|akzeptieren (?:\w+ )*(?:nicht|kein\w*)|nehmen (?:\w+ )*(?:nicht|kein\w*)"
    r"|nimmt (?:\w+ )*kein\w*|kein\w* \w*(?:mails?|nachrichten)|gebannt|schwarzen? liste|blacklist)\b",
    "person": r"\b(?:empfanger\w*|benutzer\w*|nutzer\w*|adresse|mailadresse|konto|account|teilnehmer)\b",
    "mail": r"\b(?:e?-?mails?|nachrichten?|post|mailing|sendung)\b",
    "rdns": r"\b(?:reverse[- ]?dns|rdns|ptr|ruckwarts\w*|reverse[- ]?(?:lookup|eintrag))\b",
    "lacks": r"\b(?:kein\w*|nicht|fehl\w*|ungultig\w*|falsch\w*|ohne|abgelehnt|verweigert|verletzt|bitte)\b",
    "encrypted": r"\b(?:verschlusselt\w*|verschlusselung|starttls|tls)\b",
    "must": r"\b(?:nur|muss\w*|mussen|erforderlich|notig|benotig\w*|verlang\w*|zuerst|bitte|pflicht)\b",
    "box": r"\b(?:postfach\w*|mailbox|speicher\w*|posteingang|briefkasten|quota)\b",
    "full": r"\b(?:voll|uberfullt|uberschritten|uberschreitet|erschopft|kein\w* (?:speicher)?platz|ausgeschopft)\b",
    "attached": r"\b(?:anhang\w*|anhange\w*|dateianhang\w*|ausfuhrbare\w*|dateityp\w*)\b",
    "big": r"\b(?:zu (?:gro(?:ß|ss)|lang|schwer)|gro(?:ß|ss)er als)",
    "first": r"\b(?:erste[rnms]?|erstmalig\w*|erster kontakt|unbekannt\w*|nicht bekannt|kennen)\b",
    "later": r"\b(?:minuten|spater|erneut|nochmal\w*|wieder)\b",
    "pace": r"\bzu (?:schnell|viele (?:e?-?mails|nachrichten|verbindungen|anfragen)|haufig|oft)\b|\blangsamer\b"
    r"|\bpro (?:stunde|tag|minute)\b|\bsendelimit\b|\bversandlimit\b",
    "land": r"\b(?:land\w*|ausland\w*|lander\w*|region|china|russland|asien)\b",
    "left": r"\b(?:nicht mehr (?:\w+ ){0,3}(?:bei uns|beschaftigt|im (?:haus|unternehmen)|hier)|arbeitet nicht mehr"
    r"|ausgeschieden|(?:firma|unternehmen) verlassen|im ruhestand)\b",
    "members": r"\b(?:mitglieder\w*|abonnenten|teilnehmer)\b",
    "only": r"\b(?:nur|ausschlie(?:ß|ss)lich|reserviert)\b",
    "outside": r"\b(?:extern\w*|intern\w*|au(?:ß|ss)erhalb|von au(?:ß|ss)en)\b",
    "receiver": r"\b(?:empfanger\w*|benutzer|inhaber)\b",
    "blocks": r"\b(?:blockiert sie|hat sie (?:blockiert|gesperrt)|mochte (?:von ihnen )?keine|will keine"
    r"|lehnt ihre|wunscht keine)\b",
    "domain": r"\b(?:domain|domane|absenderdomain)\b",
    "source": r"\b(?:ip|ip-?adresse|ip-?bereich|netz\w*|server|mailserver|rechner|host|provider|adressbereich)\b",
    "unblock": r"\b(?:entsperr\w*|freischalt\w*|freigeschaltet|freigabe|sie (?:sind|wurden) (?:gesperrt|blockiert))\b",
    "spam": r"\b(?:spam\w*|werbung|werbe\w*|junk|massenmail\w*|newsletter|phishing)\b",
    "sender": r"\b(?:absender\w*|versender|sender)\b",
    "login": r"\b(?:anmeld\w*|einloggen|authentifi\w*|login|smtp-?auth)\b",
    "gone": r"\b(?:deaktiviert|gesperrt|geschlossen|inaktiv|abgelaufen|stillgelegt|gekundigt|geloscht"
    r"|nicht (?:mehr )?(?:aktiv|verwendet|genutzt|gelesen|in gebrauch))\b",
    "unknown": r"\b(?:unbekannt\w*|existier\w* nicht|kennen (?:\w+ )*nicht|gibt es (?:\w+ )*nicht|nicht (?:gefunden"
    r"|vorhanden|bekannt|existent|zustellbar)|ungultig\w*|kein\w* (?:solche\w*|benutzer|empfanger))\b",
    "unwanted": r"\b(?:nicht (?:\w+ )?(?:erwunscht|gewunscht|haben)|unerwunscht\w*|wollen (?:\w+ )*(?:nicht"
    r"|keine)|kein interesse)\b",
}
FRENCH = {
    "refused": r"\b(?:refus\w+|rejet\w+|bloqu\w+|interdit\w*|banni\w*|pas (?:accept\w*|autoris\w*|admis\w*"
    r"|permis\w*|bienvenu\w*|souhait\w*)|n acceptons pas|n accepte pas|liste noire|indesirable\w*"
    r"|filtr\w+)\b",
    "person": r"\b(?:utilisateur|destinataire|adresse|compte|correspondant|abonne)\b",
    "mail": r"\b(?:e?-?mails?|messages?|courriels?|courriers?|mels?)\b",
    "rdns": r"\b(?:reverse ?-?dns|rdns|ptr|dns inverse|resolution inverse|reverse)\b",
    "lacks": r"\b(?:pas|aucun\w*|manqu\w*|invalide|absent|echou\w*|echec|sans|incorrect\w*|refuse)\b",
    "encrypted": r"\b(?:chiffr\w+|crypt\w+|starttls|tls)\b",
    "must": r"\b(?:uniquement|seul\w*|devez|doit|requis\w*|necessaire|obligatoire|d abord|exig\w+|veuillez)\b",
    "box": r"\b(?:boite\w*|bal|quota|espace|messagerie)\b",
    "full": r"\b(?:pleine?|saturee?|depasse\w*|atteint\w*|insuffisant\w*|plus de place)\b",
    "attached": r"\b(?:pieces? jointes?|executables?|fichiers?)\b",
    "big": r"\btrop (?:gros\w*|grand\w*|lourd\w*|volumineu\w*|long\w*)\b",
    "first": r"\b(?:premier\w*|inconnu\w*|ne (?:vous )?connaissons pas)\b",
    "later": r"\b(?:minutes|plus tard|reessay\w*|nouveau|revenez)\b",
    "pace": r"\btrop (?:vite|rapide\w*|souvent|frequen\w*|de (?:messages|mails|courriels|connexions|requetes))\b"
    r"|\bralenti\w*|\bpar (?:heure|jour|minute)\b",
    "land": r"\b(?:pays|etranger|continent|region|chine|russie|afrique|asie)\b",
    "left": r"\b(?:ne travaille plus|plus chez nous|a quitte|ne fait plus partie|n est plus (?:employe\w*|dans)|retraite)\b",
    "members": r"\b(?:membres?|abonnes?|inscrits?)\b",
    "only": r"\b(?:seul\w*|uniquement|reserve\w*)\b",
    "outside": r"\b(?:extern\w+|interne\w*|exterieur\w*)\b",
    "receiver": r"\b(?:destinataire|utilisateur|titulaire)\b",
    "blocks": r"\b(?:vous a bloque|a bloque|ne souhaite pas|refuse vos|ne veut pas)\b",
    "domain": r"\bdomaine\b",
    "source": r"\b(?:ip|adresse ip|serveur|reseau|hebergeur|fournisseur|plage|machine|hote)\b",
    "unblock": r"\b(?:debloqu\w+|deblocage|vous (?:etes|avez ete) (?:bloque|banni)\w*)\b",
    "spam": r"\b(?:spam\w*|pourriel\w*|indesirables?|publicit\w+|hameconnage|newsletter|demarchage)\b",
    "sender": r"\b(?:expediteur|emetteur|envoyeur)\b",
    "login": r"\b(?:authentifi\w+|connect(?:er|ez)|identifi\w+)\b",
    "gone": r"\b(?:desactive\w*|suspendu\w*|ferme\w*|inactif|inactive|expire\w*|verrouille\w*|cloture\w*"
    r"|supprime\w*|plus (?:utilise\w*|active?|valide|lue|relevee?))\b",
    "unknown": r"\b(?:inconnue?|inexistante?|n existe (?:pas|plus)|introuvable|invalide|aucun (?:utilisateur|destinataire))\b",
    "unwanted": r"\b(?:ne (?:voulons|souhaitons|desirons) pas|pas (?:les )?(?:souhaite\w*|desire\w*|bienvenu\w*"
    r"|interess\w*)|n en voulons pas)\b",
}
SPANISH = {
    "refused": r"\b(?:rechaz\w+|bloque\w+|prohib\w+|deneg\w+|vetad\w+|no (?:se )?(?:acept\w+|admit\w+|permit\w+"
    r"|autoriz\w+|recib\w+)|no (?:es |son )?(?:bienvenid\w+|desead\w+|permitid\w+|autorizad\w+)"
    r"|lista negra|indesead\w+)\b",
    "person": r"\b(?:usuario|destinatario|direccion|cuenta|persona)\b",
    "mail": r"\b(?:e?-?mails?|mensajes?|correos?)\b",
    "rdns": r"\b(?:dns inverso|rdns|ptr|resolucion inversa|reverso|reverse dns)\b",
    "lacks": r"\b(?:no|sin|falta\w*|invalid\w*|falla\w*|fallo|incorrect\w*|rechaz\w*)\b",
    "encrypted": r"\b(?:cifrad\w+|encriptad\w+|starttls|tls)\b",
    "must": r"\b(?:solo|debe|requ\w+|necesari\w+|obligatori\w+|primero|antes)\b",
    "box": r"\b(?:buzon|bandeja|cuota|espacio|casilla|almacenamiento)\b",
    "full": r"\b(?:llen[oa]|excedid\w+|excede\w*|superad\w+|supera|agotad\w+|insuficiente|sin espacio)\b",
    "attached": r"\b(?:adjunt\w+|ejecutables?|archivos?)\b",
    "big": r"\b(?:demasiado|muy) (?:grande|pesad\w+|largo)\b",
    "first": r"\b(?:primer\w*|desconocid\w+|no (?:le|lo) conocemos)\b",
    "later": r"\b(?:minutos|mas tarde|intente\w*|nuevo|vuelva|reintente)\b",
    "pace": r"\bdemasiad[oa]s? (?:rapido|deprisa|a menudo|frecuen\w*|correos|mensajes|conexiones)\b|\bmas (?:despacio"
    r"|lento)\b|\bpor (?:hora|dia|minuto)\b",
    "land": r"\b(?:pais|paises|extranjero|region|china|rusia)\b",
    "left": r"\bya no (?:trabaja|esta (?:en|con) (?:la|nuestra|nosotros)|pertenece|labora)|\b(?:ha dejado"
    r"|dejo) la empresa|\bjubilad[oa]\b",
    "members": r"\b(?:miembros?|suscriptores|suscritos|socios)\b",
    "only": r"\b(?:solo|solamente|unicamente|exclusiv\w+|reservad\w+)\b",
    "outside": r"\b(?:extern\w+|intern\w+|fuera de la)\b",
    "receiver": r"\b(?:destinatario|usuario|titular)\b",
    "blocks": r"\b(?:le ha bloqueado|lo ha bloqueado|ha bloqueado|no (?:desea|quiere) recibir)\b",
    "domain": r"\bdominio\b",
    "source": r"\b(?:ip|direccion ip|servidor|red|proveedor|rango|equipo|host)\b",
    "unblock": r"\b(?:desbloque\w+|(?:ha sido|esta|fue) (?:bloqueado|vetado))\b",
    "spam": r"\b(?:spam|basura|no solicitad\w+|publicidad|publicitari\w+|phishing|no deseado)\b",
    "sender": r"\b(?:remitente|emisor)\b",
    "login": r"\b(?:autent\w+|iniciar sesion|identif\w+|login)\b",
    "gone": r"\b(?:desactivad\w+|deshabilitad\w+|inactiv\w+|suspendid\w+|cerrad\w+|caducad\w+|bloquead\w+"
    r"|expirad\w+|cancelad\w+|ya no (?:se usa|esta activ\w+|existe|es valid\w+))\b",
    "unknown": r"\b(?:desconocid\w+|no existe\w*|no (?:se )?(?:encuentra|encontrad\w+|ha sido encontrad\w+)"
    r"|inexistente|no (?:es )?valid\w+|invalid\w+|no esta registrad\w+|no hay (?:ningun )?(?:usuario"
    r"|destinatario))\b",
    "unwanted": r"\b(?:no (?:queremos|deseamos|nos interesan?)|no (?:es |son )?(?:bienvenid\w+|desead\w+)|indesead\w+)\b",
}
PORTUGUESE = {
    "refused": r"\b(?:rejeit\w+|recusad\w+|recus\w+|bloque\w+|proibid\w+|banid\w+|negad\w+|nao (?:e |sao "
    r"|foi )?(?:aceit\w+|permitid\w+|permit\w+|autorizad\w+|bem-?vind\w+|desejad\w+|receb\w+)"
    r"|lista negra|indesejad\w+)\b",
    "person": r"\b(?:usuario|utilizador|destinatario|endereco|conta|pessoa)\b",
    "mail": r"\b(?:e?-?mails?|mensage(?:m|ns)|correios?)\b",
    "rdns": r"\b(?:dns reverso|rdns|ptr|reverso|resolucao reversa)\b",
    "lacks": r"\b(?:nao|sem|falta\w*|falh\w+|invalid\w*|incorret\w*|rejeit\w*)\b",
    "encrypted": r"\b(?:cifrad\w+|criptograf\w+|encriptad\w+|starttls|tls)\b",
    "must": r"\b(?:so|somente|apenas|deve|requer\w*|exig\w+|necessari\w+|obrigatori\w+|primeiro|antes)\b",
    "box": r"\b(?:caixa|quota|cota|espaco|armazenamento)\b",
    "full": r"\b(?:chei[oa]|lotad[oa]|excedid\w+|excede\w*|excedeu|esgotad\w+|insuficiente|sem espaco|ultrapass\w+)\b",
    "attached": r"\b(?:anexos?|executave\w+|arquivos?|ficheiros?)\b",
    "big": r"\b(?:muito|demasiado) (?:grande|pesad\w+|long\w+)\b|\bgrande demais\b",
    "first": r"\b(?:primeir\w*|desconhecid\w+)\b",
    "later": r"\b(?:minutos|mais tarde|tente|novamente|aguarde)\b",
    "pace": r"\b(?:muito|demasiado) (?:rapid\w+|depressa|frequen\w+)\b|\bmuit[ao]s (?:mensagens|e?-?mails"
    r"|conexoes|ligacoes)\b|\bmais devagar\b|\bpor (?:hora|dia|minuto)\b",
    "land": r"\b(?:pais|paises|exterior|estrangeiro|regiao|china|russia)\b",
    "left": r"\bnao trabalha mais\b|\bja nao (?:trabalha|faz parte|pertence)|\b(?:deixou|saiu d)[ae]? ?a? empresa"
    r"|\baposentad[oa]\b",
    "members": r"\b(?:membros?|assinantes|inscritos|subscritores)\b",
    "only": r"\b(?:so|somente|apenas|exclusiv\w+|reservad\w+)\b",
    "outside": r"\b(?:extern\w+|intern\w+|fora da)\b",
    "receiver": r"\b(?:destinatario|usuario|utilizador|titular)\b",
    "blocks": r"\b(?:bloqueou|o bloqueou|nao (?:deseja|quer) receber)\b",
    "domain": r"\bdominio\b",
    "source": r"\b(?:ip|endereco ip|servidor|rede|provedor|faixa|maquina|host)\b",
    "unblock": r"\b(?:desbloque\w+|(?:foi|esta) (?:bloqueado|banido))\b",
    "spam": r"\b(?:spam|lixo|nao solicitad\w+|publicidade|propaganda|phishing|indesejad\w+)\b",
    "sender": r"\bremetente\b",
    "login": r"\b(?:autentic\w+|fazer login|identifi\w+|login)\b",
    "gone": r"\b(?:desativad\w+|desactivad\w+|inativ\w+|suspens\w+|encerrad\w+|fechad\w+|expirad\w+|bloquead\w+"
    r"|cancelad\w+|desabilitad\w+|nao (?:e|esta) mais (?:usad\w+|ativ\w+))\b",
    "unknown": r"\b(?:desconhecid\w+|nao exist\w+|inexistente|nao (?:foi )?encontrad\w+|invalid\w+|nao cadastrad\w+)\b",
    "unwanted": r"\b(?:nao (?:queremos|desejamos|nos interessa\w*)|nao (?:e |sao )?(?:bem-?vind\w+|desejad\w+)"
    r"|indesejad\w+)\b",
}
ITALIAN = {
    "refused": r"\b(?:rifiut\w+|respint\w+|bloccat\w+|vietat\w+|proibit\w+|negat\w+|bannat\w+|non (?:e "
    r"|sono |viene |vengono )?(?:accettat\w+|accett\w+|ammess\w+|permess\w+|autorizzat\w+|benvenut\w+"
    r"|gradit\w+|desiderat\w+)|lista nera|indesiderat\w+)\b",
    "person": r"\b(?:utente|destinatario|indirizzo|account|persona)\b",
    "mail": r"\b(?:e?-?mails?|messagg\w+|posta)\b",
    "rdns": r"\b(?:dns inverso|rdns|ptr|reverse dns|risoluzione inversa)\b",
    "lacks": r"\b(?:non|senza|manca\w*|fallit\w*|invalid\w*|errat\w*|rifiut\w*)\b",
    "encrypted": r"\b(?:cifrat\w+|crittograf\w+|starttls|tls)\b",
    "must": r"\b(?:solo|deve|richiest\w+|necessari\w+|obbligatori\w+|prima)\b",
    "box": r"\b(?:casella|quota|spazio)\b",
    "full": r"\b(?:pien[oa]|superat\w+|supera|esaurit\w+|insufficiente)\b",
    "attached": r"\b(?:allegat\w+|eseguibil\w+)\b",
    "big": r"\btroppo (?:grande|grosso|lungo|pesante)\b",
    "first": r"\b(?:prima volta|sconosciut\w+)\b",
    "later": r"\b(?:minuti|piu tardi|riprov\w+|nuovo)\b",
    "pace": r"\btroppo (?:veloce\w*|spesso|frequent\w+)\b|\btropp[ie] (?:messaggi|email|connessioni)\b"
    r"|\ball ora\b|\bal giorno\b",
    "land": r"\b(?:paese|paesi|estero|nazione|cina|russia)\b",
    "left": r"\bnon lavora piu\b|\bha lasciato (?:l azienda|la societa)|\bin pensione\b",
    "members": r"\b(?:membri|iscritti|abbonati)\b",
    "only": r"\b(?:solo|soltanto|esclusiv\w+|riservat\w+)\b",
    "outside": r"\b(?:estern\w+|intern\w+)\b",
    "receiver": r"\b(?:destinatario|utente|titolare)\b",
    "blocks": r"\b(?:ha bloccato|l ha bloccat\w+|non (?:desidera|vuole) ricevere)\b",
    "domain": r"\bdominio\b",
    "source": r"\b(?:ip|indirizzo ip|server|rete|provider|fornitore|host)\b",
    "unblock": r"\b(?:sblocc\w+|(?:e stato|sei stato) (?:bloccato|bannato))\b",
    "spam": r"\b(?:spam|indesiderat\w+|pubblicit\w+|phishing|spazzatura)\b",
    "sender": r"\bmittente\b",
    "login": r"\b(?:autentic\w+|accedere|accesso)\b",
    "gone": r"\b(?:disabilitat\w+|disattivat\w+|inattiv\w+|sospes\w+|chius\w+|scadut\w+|non piu (?:attiv\w+"
    r"|in uso|valid\w+))\b",
    "unknown": r"\b(?:sconosciut\w+|non esist\w+|inesistente|non trovat\w+|non valid\w+)\b",
    "unwanted": r"\b(?:non (?:vogliamo|desideriamo|ci interessa\w*)|non (?:e |sono )?(?:gradit\w+|benvenut\w+"
    r"|desiderat\w+)|indesiderat\w+)\b",
}
