package deadline

import (
	"strings"
	"sync"

	"jalon/internal/bilingual"
)

// nouns are the things that deadlines hang on: our name, then the Dutch and
// French forms. The first form of each language, with its article, is the one
// we print. A noun that is not here is kept as written.
const nouns = `
incident | het incident; incidenten; voorval; veiligheidsincident; datalek; inbreuk op de beveiliging | l'incident; incidents; incident de sécurité
meeting | de vergadering; vergaderingen; zitting; zittingen; bijeenkomst; bijeenkomsten; overleg; overlegvergadering; samenkomst | la réunion; réunions; séance; séances; rencontre; rencontres; assemblée
board-meeting | de vergadering van de Directieraad; Directieraad; directieraden; vergaderingen van de directieraad; zitting van de directieraad; vergadering van het directiecomité; directiecomité | la réunion du Conseil de direction; Conseil de direction; conseils de direction; séance du conseil de direction; réunion du comité de direction; comité de direction
management-board | de raad van bestuur; vergadering van de raad van bestuur; beheerscomité; vergadering van het beheerscomité | le conseil d'administration; réunion du conseil d'administration; comité de gestion; réunion du comité de gestion
budget-adjustment | de begrotingsaanpassing; begrotingsaanpassingen; aanpassing van de begroting; begrotingswijziging; begrotingswijzigingen; begrotingscontrole | l'ajustement budgétaire; ajustements budgétaires; ajustement du budget; modification budgétaire; modifications budgétaires; contrôle budgétaire
budget-preparation | de begrotingsopmaak; opmaak van de begroting; begrotingsconclaaf | l'élaboration du budget; confection du budget; élaboration budgétaire; conclave budgétaire; préparation du budget
budget | de begroting; begrotingen; budget; budgetten | le budget; budgets
contract | het contract; contracten; beheerscontract; beheersovereenkomst; overeenkomst; overeenkomsten; beheerscontracten; nieuw beheerscontract; nieuwe beheerscontract; nieuw contract; bestuursovereenkomst; arbeidsovereenkomst; samenwerkingsovereenkomst; conventie; conventies; raamovereenkomst | le contrat; contrats; contrat de gestion; convention; conventions; contrats de gestion; nouveau contrat de gestion; contrat d'administration; accord; accords; accord-cadre; accord de coopération
law | de regelgeving; wet; wetten; ordonnantie; ordonnanties; besluit; besluiten; decreet; nieuwe ordonnantie; nieuwe regelgeving; nieuwe wetgeving; wetgeving; richtlijn; richtlijnen; verordening; ontwerpordonnantie; reglement; regelgevend kader; wettelijk kader; europese richtlijn | la réglementation; loi; lois; ordonnance; ordonnances; arrêté; arrêtés; décret; nouvelle ordonnance; nouvelle réglementation; nouvelle législation; législation; directive; directives; règlement; cadre réglementaire; cadre légal; directive européenne
plan | het plan; plannen; actieplan; actieplannen; strategisch plan; personeelsplan; operationeel plan; beleidsplan; beheersplan; meerjarenplan; jaarplan; diversiteitsplan; projectplan | le plan; plans; plan d'action; plans d'action; plan stratégique; plan de personnel; plan du personnel; plan opérationnel; plan de gestion; plan pluriannuel; plan annuel; plan de diversité; plan de projet
report | het verslag; verslagen; rapport; rapporten; jaarverslag; eindverslag; activiteitenverslag; eindrapport; auditverslag; auditrapport; evaluatieverslag; voortgangsrapport | le rapport; rapports; rapport annuel; rapport final; rapport d'activités; rapport d'audit; rapport d'évaluation; rapport d'avancement; compte rendu
project | het project; projecten; proefproject; pilootproject; proefprojecten; pilootprojecten | le projet; projets; projet pilote; projets pilotes
file | het dossier; dossiers | le dossier; dossiers
decision | de beslissing; beslissingen; besluitvorming; regeringsbeslissing; beslissing van de regering; beslissing van de Directieraad | la décision; décisions; décision du gouvernement; décision du conseil de direction
complaint | de klacht; klachten | la plainte; plaintes; réclamation; réclamations
request | de aanvraag; aanvragen; verzoek; verzoeken; vraag | la demande; demandes; requête
audit | de audit; audits; interne audit; externe audit; doorlichting | l'audit; audits; audit interne; audit externe
final-evaluation | de eindevaluatie; eindevaluatie van het mandaat | l'évaluation finale; évaluation finale du mandat
interim-evaluation | de tussentijdse evaluatie; midtermevaluatie; mid-term evaluatie; halfwegevaluatie | l'évaluation intermédiaire; évaluation à mi-parcours; évaluation à mi-mandat
evaluation | de evaluatie; evaluaties; beoordeling; evaluatieronde; evaluatiegesprek | l'évaluation; évaluations; entretien d'évaluation
training | de opleiding; opleidingen; vorming; vormingen; opleidingssessie | la formation; formations; session de formation
mission | de zending; zendingen; missie; missies; dienstreis | la mission; missions; déplacement; déplacements; voyage de service; voyages de service
delegation-reception | de ontvangst van een delegatie; ontvangst van delegaties; ontvangst van een buitenlandse delegatie; delegatiebezoek | l'accueil d'une délégation; accueil de délégations; réception d'une délégation; accueil d'une délégation étrangère
mission-abroad | de uitzending van een missie naar het buitenland; missie naar het buitenland; zending naar het buitenland; missies naar het buitenland; zendingen naar het buitenland; buitenlandse zending; buitenlandse zendingen; buitenlandse missie; buitenlandse missies | l'envoi d'une mission à l'étranger; envoi de missions à l'étranger; mission à l'étranger; missions à l'étranger; déplacement à l'étranger
international-event | de deelname aan een internationaal evenement; deelname aan internationale evenementen; internationaal evenement | la participation à un événement international; participation à des événements internationaux; événement international
delegation | de delegatie; delegaties | la délégation; délégations
event | het evenement; evenementen; gebeurtenis | l'événement; événements; manifestation
recruitment | de aanwerving; aanwervingen; rekrutering; werving; indienstneming; aanwervingsprocedure | le recrutement; recrutements; embauche; engagement; procédure de recrutement
tender | de overheidsopdracht; overheidsopdrachten; aanbesteding; aanbestedingen | le marché public; marchés publics; appel d'offres; adjudication
advice | het advies; adviezen | l'avis; avis rendu
letter | de brief; brieven; schrijven; ingebrekestelling | la lettre; lettres; courrier; mise en demeure
notification | de kennisgeving; kennisgevingen; betekening; melding; meldingen; notificatie | la notification; notifications; signalement; signification
receipt | de ontvangst | la réception
change | de wijziging; wijzigingen; verandering; veranderingen; aanpassing; aanpassingen | le changement; changements; modification; modifications; adaptation
crisis | de crisis; crisissen; crisissituatie | la crise; crises; situation de crise
election | de verkiezingen; verkiezing; sociale verkiezingen | les élections; élection; élections sociales
reorganisation | de reorganisatie; reorganisaties; herstructurering | la réorganisation; réorganisations; restructuration
quarter-close | de kwartaalafsluiting; afsluiting van het kwartaal | la clôture trimestrielle; clôture du trimestre
accounts-close | de jaarafsluiting; afsluiting van de rekeningen; afsluiting van het boekjaar; afsluiting van het jaar | la clôture des comptes; clôture annuelle; clôture de l'exercice
campaign | de campagne; campagnes; informatiecampagne | la campagne; campagnes; campagne d'information
inspection | de inspectie; inspecties; controle; controles; controlebezoek | l'inspection; inspections; contrôle; contrôles; visite de contrôle
survey | de enquête; enquêtes; bevraging; tevredenheidsenquête | l'enquête; enquêtes; enquête de satisfaction; sondage
session | de sessie; sessies | la session; sessions
directive-transposition | de omzetting van een richtlijn; omzetting van richtlijnen; omzetting van elke richtlijn | la transposition d'une directive; transposition de directives
accident | het ongeval; ongevallen; arbeidsongeval | l'accident; accidents; accident du travail
case | de zaak; zaken; inbreukprocedure; procedure; procedures | l'affaire; affaires; procédure d'infraction; procédure; procédures
tool | het instrument; instrumenten; toepassing; tool; applicatie; platform; systeem; informaticatoepassing | l'outil; outils; application; applications; plateforme; plate-forme; système
infrastructure | de gebouwen; gebouw; lokalen; infrastructuur | le bâtiment; bâtiments; locaux; infrastructure
cycle | de cyclus; cycli; evaluatiecyclus; beleidscyclus; ronde; fase | le cycle; cycles; cycle d'évaluation; phase; cycle de gestion
subsidy | de subsidie; subsidies; toelage | la subvention; subventions; subside; subsides
publication | de publicatie; publicaties; bekendmaking; bekendmaking in het Belgisch Staatsblad; publicatie in het Belgisch Staatsblad | la publication; publications; publication au Moniteur belge; parution au moniteur belge
information | de informatie; gegevens; inlichtingen; data | l'information; informations; données; renseignements
results | de resultaten; resultaat; cijfers | les résultats; résultat; chiffres
documents | de documenten; document; stukken; nota; nota's | les documents; document; pièces; note; notes
means | de middelen; middel; fondsen; financiering | les moyens; moyen; fonds; financement
minister | de minister; toezichthoudende minister; voogdijminister; bevoegde minister; voogdij; toezichthoudende overheid; ministers; minister-president; functionele minister; bevoegde ministers | le ministre; ministre de tutelle; ministre compétent; tutelle; ministre fonctionnel; autorité de tutelle; ministre-président; ministres; ministre compétente
government | de regering; Brusselse Hoofdstedelijke Regering; brusselse regering | le gouvernement; Gouvernement de la Région de Bruxelles-Capitale; gouvernement bruxellois
parliament | het parlement; brussels hoofdstedelijk parlement; parlementaire commissie | le parlement; parlement de la Région de Bruxelles-Capitale; parlement bruxellois; commission parlementaire
court-of-audit | het Rekenhof | la Cour des comptes
commission | de Commissie; Europese Commissie | la Commission; Commission européenne
committee | het comité; stuurgroep; stuurcomité; begeleidingscomité; werkgroep; Comité voor Strategische Ontwikkeling; opvolgingscomité | le comité; comité de pilotage; groupe de travail; comité d'accompagnement; comité de développement stratégique; comité de suivi
cabinet | het kabinet; kabinet van de minister; beleidscel | le cabinet; cabinet du ministre; cellule stratégique
partners | de partners; partner; stakeholders; belanghebbenden | les partenaires; partenaire; parties prenantes
staff | de personeelsleden; personeelslid; medewerkers; medewerker; ambtenaren; personeel | les membres du personnel; membre du personnel; collaborateurs; collaborateur; agents; agent; personnel
users | de gebruikers; gebruiker; burger; burgers; klant; klanten; werkzoekende; werkzoekenden; aanvrager; klager | les usagers; usager; citoyen; citoyens; client; clients; chercheur d'emploi; chercheurs d'emploi; demandeur; plaignant; utilisateur; utilisateurs
service | de dienst; diensten; directie; directies; entiteit | le service; services; direction; directions; entité
administration | de administratie; administraties; instelling; bestuur | l'administration; administrations; institution
applicable | de betrokkene | l'intéressé
budget-circular | de begrotingsomzendbrief; omzendbrief; omzendbrieven; begrotingscirculaire | la circulaire budgétaire; circulaire; circulaires
year-end | het jaareinde; eindejaarsafsluiting; einde van het jaar | la fin d'année; clôture de fin d'année; fin de l'année
half-year-end | het semestereinde; einde van het semester; halfjaareinde | la fin de semestre; fin du semestre
quarter-end | het kwartaaleinde; einde van het kwartaal; trimestereinde; einde van het trimester | la fin de trimestre; fin du trimestre
month-end | het maandeinde; einde van de maand | la fin de mois; fin du mois
strategy | de strategie; strategieën; beleidsnota; beleidsverklaring; oriëntatienota; beleidsbrief | la stratégie; stratégies; note de politique générale; déclaration de politique; note d'orientation; lettre d'orientation
test | de test; tests; testfase; oefening; evacuatieoefening | le test; tests; phase de test; exercice d'évacuation
vacancy | de vacature; vacatures; vertrek; functiewijziging | la vacance; vacance de poste; vacance d'emploi; vacances de poste; départ; poste vacant
invoice | de factuur; facturen | la facture; factures
procedure | de selectieprocedure; gunningsprocedure | la procédure de sélection; procédure d'attribution
agreement | het akkoord; akkoorden; politiek akkoord; akkoord van de regering; akkoord van de minister | l'accord du gouvernement; accord du ministre; accord politique
`

// acts are what happens to a thing, so that "goedkeuring van het plan", "zodra
// het plan is goedgekeurd" and "dès l'approbation du plan" are one event:
// name, Dutch nouns, Dutch verb endings, French nouns, French verb endings.
const acts = `
in-force | de inwerkingtreding; inwerkingtreden; van kracht worden | in werking treedt; in werking treden; in werking is getreden; is in werking getreden; van kracht is; van kracht wordt; in werking is; ingaat; van toepassing wordt; in werking zal treden; van kracht worden; in voege is; in voege treedt; van toepassing is; van toepassing zijn; ingaan; is ingegaan | l'entrée en vigueur; prise d'effet | entre en vigueur; entrent en vigueur; est entré en vigueur; entrera en vigueur; est en vigueur; est entrée en vigueur; prend effet; sera en vigueur; est d'application; entre en application; sont en vigueur; entrera en application; est applicable
available | de beschikbaarheid; beschikbaarstelling; ter beschikking stelling; het beschikbaar zijn; terbeschikkingstelling | beschikbaar is; beschikbaar zijn; is beschikbaar; zijn beschikbaar; beschikbaar; beschikbaar komt; beschikbaar komen; beschikbaar wordt; beschikbaar worden; ter beschikking is; ter beschikking zijn; voorhanden is; voorhanden zijn; ter beschikking worden gesteld; ter beschikking wordt gesteld; ter beschikking gesteld is; ter beschikking gesteld zijn; beschikbaar gesteld zijn | la disponibilité; mise à disposition; mise à la disposition | est disponible; sont disponibles; disponible; disponibles; sera disponible; seront disponibles; est mise à disposition; sont mis à disposition; est mis à disposition; sont mises à disposition; seront mis à disposition; est accessible
approval | de goedkeuring; aanvaarding; bekrachtiging; aanneming; validatie; validering | goedgekeurd is; goedgekeurd zijn; is goedgekeurd; zijn goedgekeurd; wordt goedgekeurd; goedgekeurd wordt; gevalideerd is; is gevalideerd; aangenomen is; is aangenomen; heeft goedgekeurd; goedgekeurd heeft; goedkeurt; heeft gevalideerd; bekrachtigd is; is bekrachtigd; bekrachtigd wordt; is aanvaard; aanvaard is; werd goedgekeurd; goedgekeurd werd; wordt aangenomen; zal zijn goedgekeurd; definitief is goedgekeurd | l'approbation; validation; acceptation; adoption; ratification | est approuvé; est approuvée; sont approuvés; sera approuvé; a été approuvé; a été approuvée; est validé; est validée; a été validé; est adopté; est adoptée; aura été approuvé; sont approuvées; a approuvé; approuve; a validé; ont approuvé; a adopté; a été adopté; a été adoptée; a été validée; est accepté; est acceptée; est ratifié; est ratifiée; ont été approuvés; ont été approuvées; sera approuvée; sont validés; sont validées; sont adoptés; sont adoptées; aura approuvé
signature | de ondertekening; ondertekenen | ondertekend is; is ondertekend; getekend is; is getekend; ondertekend wordt; ondertekend zijn; heeft ondertekend; ondertekend heeft; ondertekent; gesloten is; is gesloten; afgesloten wordt; werd ondertekend; zijn ondertekend | la signature | est signé; est signée; a été signé; a été signée; sera signé; sont signés; est conclu; est conclue; a signé; signe; ont signé; sont signées; sera signée; est conclue
completion | de voltooiing; afronding; oplevering; afloop; einde; beëindiging; afsluiting; realisatie; afwerking; stopzetting; het einde | afgerond is; is afgerond; voltooid is; is voltooid; klaar is; is opgeleverd; opgeleverd is; afgesloten is; is afgesloten; klaar zijn; beëindigd is; afloopt; is beëindigd; gerealiseerd is; afgerond zijn; zijn afgerond; afgerond wordt; wordt afgerond; voltooid wordt; ten einde is; ten einde loopt; verstreken is; is verstreken; afgelopen is; is afgelopen | l'achèvement; finalisation; fin; livraison; clôture; terme; réalisation; conclusion; expiration | est achevé; est achevée; est terminé; est terminée; est finalisé; est finalisée; est clôturé; est clôturée; est prêt; est prête; sont prêts; sera terminé; prend fin; sont terminés; sont terminées; s'achève; se termine; a été achevé; a été terminé; a été finalisé; arrive à échéance; touche à sa fin; arrive à son terme; est réalisé; est réalisée; est clos; est close
start | de start; aanvang; begin; opstart; lancering; opening; ingebruikname; aanvatten; indienstname; implementatie; invoering; het begin; ingebruikneming; indienststelling | van start gaat; start; begint; gestart is; is gestart; gelanceerd is; is gelanceerd; opgestart is; is opgestart; operationeel is; is operationeel; aanvangt; in gebruik is; in gebruik wordt genomen; opstart; wordt opgestart; opgestart wordt; aanvat; loopt; opengaat; aanvangen; beginnen; starten; wordt gelanceerd | le début; démarrage; lancement; commencement; ouverture; mise en service; mise en oeuvre; entame; mise en place; mise en production; mise en exploitation | démarre; commence; débute; a démarré; est lancé; est lancée; est opérationnel; est opérationnelle; a débuté; sera opérationnel; est en service; est mis en service; est démarré; est démarrée; est entamé; est entamée; débutent; commencent; démarrent; est mis en production; est mise en service; entre en service
receipt | de ontvangst; ontvangen; bij ontvangst; kennisname; ontvangen van | ontvangen is; is ontvangen; wordt ontvangen; ontvangen wordt; ontvangen zijn; binnenkomt; is binnengekomen; heeft ontvangen; ontvangen heeft; ontvangt; zijn ontvangen | la réception; réception; prise de connaissance | est reçu; est reçue; a été reçu; a été reçue; est réceptionné; sont reçus; sont reçues; a reçu; reçoit; ont été reçus; ont été reçues
submission | de indiening; neerlegging; voorlegging; overmaking; inzending; overhandiging; toezending; verzending; indienen; overlegging; toesturen | ingediend is; is ingediend; ingediend wordt; wordt ingediend; neergelegd is; overgemaakt is; is overgemaakt; wordt voorgelegd; voorgelegd is; is voorgelegd; voorgelegd wordt; ingediend werd; toekomt | l'introduction; dépôt; soumission; transmission; remise; envoi; présentation; communication | est introduit; est introduite; est déposé; est déposée; est soumis; est soumise; a été introduit; est transmis; est transmise; a été déposé; a été transmis; est remis; a introduit; introduit; a transmis; est envoyé; est envoyée; est présenté; sont introduits; sont introduites; sont déposés
notification | de kennisgeving; melding; betekening; bekendmaking; mededeling; vaststelling; notificatie | gemeld is; is gemeld; gemeld wordt; wordt gemeld; meegedeeld is; is meegedeeld; bekend is; is bekend; gekend is; is gekend; bekend zijn; gekend zijn; zijn bekend; zijn gekend; vastgesteld is; is vastgesteld; is bekendgemaakt; bekendgemaakt is; meegedeeld wordt | la notification; communication; constatation; signalement; annonce; signification; connaissance | est notifié; est notifiée; est communiqué; est communiquée; est connu; est connue; sont connus; sont connues; a été notifié; est annoncé; a été communiqué; est constaté; sont communiqués
publication | de publicatie; bekendmaking; verschijning; afkondiging; publiceren | gepubliceerd is; is gepubliceerd; verschijnt; verschenen is; is verschenen; gepubliceerd wordt; gepubliceerd zijn; wordt gepubliceerd; heeft gepubliceerd; publiceert; werd gepubliceerd; gepubliceerd werd; wordt bekendgemaakt | la publication; parution; promulgation; diffusion | est publié; est publiée; a été publié; a été publiée; paraît; sont publiés; sera publié; sera publiée; sont publiées; a publié; publie; est paru; est parue; a été publiée; sera publiée; est diffusé
request | het verzoek; aanvraag; vraag | daarom verzoekt; erom verzoekt; hierom verzoekt; daarom vraagt; hierom vraagt; dit vraagt; het vraagt; dat vraagt; erom vraagt; vraagt; verzoekt | la demande; requête | le demande; en fait la demande; le sollicite; le requiert; l'exige
decision | de beslissing; beslist; besluit | beslist is; is beslist; beslist heeft; heeft beslist; een beslissing heeft genomen; beslist; beslissing neemt | la décision | a décidé; décide; a pris une décision; est décidé; prend une décision
change | de wijziging; aanpassing; herziening; actualisering; verandering | wijzigt; gewijzigd wordt; gewijzigd is; verandert; is gewijzigd; wijzigen; wordt gewijzigd | la modification; adaptation; révision; changement; actualisation | change; est modifié; est modifiée; changent; a été modifié; a changé
award | de gunning; toekenning; toewijzing | gegund is; is gegund; toegekend is; is toegekend | l'attribution; octroi; adjudication | est attribué; est attribuée; a été attribué; est octroyé; est octroyée
appointment | de aanstelling; benoeming; aanduiding; aanwerving; indiensttreding; ambtsaanvaarding | aangesteld is; is aangesteld; benoemd is; aangeduid is; is benoemd; is aangeduid; aangeworven is; is aangeworven | la désignation; nomination; entrée en service; entrée en fonction; prise de fonction | est désigné; est désignée; est nommé; est nommée; a été désigné; est recruté; est engagé
departure | het vertrek; uitdiensttreding; vertrekken | vertrekt; uit dienst treedt | le départ; sortie de service; cessation de fonction | part; quitte le service
transposition | de omzetting | omgezet is; is omgezet | la transposition | est transposé; est transposée
organisation | de organisatie; het houden | plaatsvindt; plaatsvinden; georganiseerd wordt; wordt georganiseerd; doorgaat; heeft plaatsgevonden; plaats heeft; zich voordoet; zich voordoen; voorvalt | l'organisation; la tenue; tenue | a lieu; ont lieu; est organisé; est organisée; se tient; a eu lieu; se produit; se produisent; survient
preparation | de opmaak; voorbereiding; opstelling; redactie; opmaken | opgesteld is; is opgesteld; opgemaakt is; is opgemaakt; opgesteld wordt | l'élaboration; préparation; rédaction; établissement; confection | est établi; est établie; est élaboré; est rédigé; est élaborée; est rédigée
allocation | de vrijmaking; toekenning van middelen | vrijgemaakt is; is vrijgemaakt; vrijgemaakt zijn; zijn vrijgemaakt; toegekend zijn | la libération; mobilisation | est libéré; sont libérés; sont alloués; sont dégagés; est alloué
`

// phrases are all forms of one language, and what we print for each name.
type phrases struct {
	tree  *word
	print map[string]string // noun with its article
	act   map[string]string // act with its article
}

var events = sync.OnceValue(func() map[bilingual.Lang]phrases {
	return map[bilingual.Lang]phrases{bilingual.NL: loadEvents(1, []int{1}, 2), bilingual.FR: loadEvents(2, []int{3}, 4)}
})

// loadEvents plants one language's nouns and acts.
func loadEvents(nounColumn int, actColumns []int, verbColumn int) phrases {
	ph := phrases{tree: &word{}, print: map[string]string{}, act: map[string]string{}}
	plantForms(ph.tree, nouns, nounColumn, "noun", ph.print)
	for _, c := range actColumns {
		plantForms(ph.tree, acts, c, "act", ph.act)
	}
	plantForms(ph.tree, acts, verbColumn, "verb", nil)
	return ph
}

func plantForms(tree *word, table string, column int, sym symbol, print map[string]string) {
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) <= column {
			continue
		}
		slug := strings.TrimSpace(cells[0])
		for i, form := range strings.Split(cells[column], ";") {
			form = strings.TrimSpace(form)
			if i == 0 && print != nil {
				print[slug] = form
			}
			tree.add(withoutArticle(form), sense{sym, slug})
		}
	}
}

// withoutArticle drops the article of a printed form.
func withoutArticle(s string) string {
	for _, a := range []string{"de ", "het ", "le ", "la ", "les ", "l'"} {
		if rest, ok := strings.CutPrefix(s, a); ok {
			return rest
		}
	}
	return s
}
