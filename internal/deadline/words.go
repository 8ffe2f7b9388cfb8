package deadline

import (
	"slices"
	"strings"
	"sync"

	"jalon/internal/bilingual"
)

// symbol is what a word or idiom means to the grammar, whatever its language.
type symbol string

// table holds the words of both languages: symbol, value, Dutch forms, French
// forms. Forms are separated by semicolons and are read by the same lexer as
// the text, so accents, capitals, hyphens and apostrophes do not matter. The
// longest form wins.
const table = `
# bounds
by | hard | uiterlijk; uiterst; uiterste datum; ten laatste; ten allerlaatste; op zijn laatst; op z'n laatst; niet later dan; laatste datum; limietdatum; tegen ten laatste; op uiterlijk; met uiterste datum; uiterlijk tegen; tot uiterlijk; tot ten laatste; ultiem; uiterste termijn | au plus tard; au plus tard dans le courant de; au plus tard dans le courant du; au plus tard au cours de; au plus tard au cours du; au plus tard pour; pas plus tard que; au plus tard a; date limite; date butoir; dernier delai; dernier delai le; au plus tard vers; au plus tard des; jusqu'au plus tard; delai ultime; date ultime; imperativement pour
by | label | vervaldatum; streefdatum; deadline; termijn; tijdschema; timing; planning; tijdpad; klaar; afgerond; voltooid; te realiseren; te bereiken; te behalen; op te leveren; oplevering; te voltooien; te finaliseren; af te ronden; uit te voeren; in te dienen; einddatum; datum; moet klaar zijn; klaar te zijn; dient klaar te zijn; afgewerkt; gefinaliseerd; opgeleverd; vervaldag; mijlpaaldatum; uitvoeringstermijn; streeftermijn | echeance; delai; calendrier; planning; timing; termine; acheve; a realiser; a atteindre; a finaliser; a livrer; livraison; a achever; a terminer; a executer; a remettre; a introduire; date cible; date de fin; date; doit etre pret; doit etre prete; doit etre acheve; doit etre termine; pret; prete; livre; livree; calendrier d'execution; delai d'execution; date prevue; a mettre en oeuvre
by | soft | tegen; richting; horizon; tegen horizon; tegen de horizon; voorzien voor; gepland voor; ingepland voor; voorzien tegen; gepland tegen; verwacht tegen; geraamd op; bepaald op; vastgelegd op; gepland op; voorzien op | pour; d'ici; d'ici a; d'ici au; d'ici la; horizon; a l'horizon; a horizon; vers la date du; prevu pour; prevue pour; planifie pour; planifiee pour; fixe au; fixee au; fixe pour; prevu le; prevu au; estime a; prevue le; attendu pour
about | | voor wat betreft; wat betreft; voor wat; inzake; aangaande; met betrekking tot; m.b.t.; mbt | en ce qui concerne; pour ce qui concerne; pour ce qui est de; pour ce qui est des; concernant; quant a; quant au; quant aux; s'agissant de; s'agissant des
before | | voor; voorafgaand aan; alvorens; eerder dan; vroeger dan | avant; avant le; prealablement a; anterieurement a; plus tot que
after | | na; nadat; volgend op; volgende op; volgens op; na afloop van; na het einde van; na beeindiging van; aansluitend op; in aansluiting op; ingaand na; te rekenen vanaf; te tellen vanaf; gerekend vanaf; die volgen op; die volgt op; ingevolge | apres; qui suit; qui suivent; a la suite de; a compter de; a dater de; posterieurement a; consecutifs a; consecutif a; a la cloture de; a l'achevement de; faisant suite a
after | close | | a l'issue de; au terme de
after | weak | | suivant; suivants; suivante; suivantes
nadien | | nadien; daarna; vervolgens; en nadien; en daarna; en vervolgens; na die datum; erna; waarna; en erna | ensuite; puis; par la suite; apres cela; et ensuite; et puis; ulterieurement; par apres; et par apres; et par la suite; apres quoi
from | | vanaf; met ingang van; met ingang; ingaand op; sinds; sedert; startend op; startend in; te beginnen in; te beginnen op; te beginnen vanaf; beginnend in; beginnend op; te starten in; te starten op; op te starten in; met start in; met aanvang op; te rekenen vanaf; te tellen vanaf; gerekend vanaf; ingaande op; ingaand vanaf; met aanvang vanaf; vanaf de maand; startdatum; vanaf het jaar; beginnend vanaf; startend vanaf; van bij | a partir de; a partir d; a partir du; a partir des; a compter du; dès; dès le; dès la; des le; des la; depuis; depuis le; debutant en; debutant le; a dater du; commencant en; commencant le; avec effet au; prenant cours le; a compter de; a dater de; a partir de l'annee; a partir du mois de; commencant a partir de; debutant a partir de; a partir de l'an; prenant cours en; demarrant en; demarrant le; a demarrer en; a demarrer le; a demarrer au; a commencer en; a commencer le; a lancer en
from | first | voor het eerst in; voor het eerst op; voor het eerst; voor de eerste keer; voor de eerste maal; voor de eerste keer in; eerste keer in; de eerste keer in; de eerste keer op; voor de eerste maal in; een eerste keer in; voor de eerste maal op | pour la premiere fois en; pour la premiere fois le; pour la premiere fois; la premiere fois en; une premiere fois en; premiere fois en; la premiere fois le
from | earliest | ten vroegste vanaf; ten vroegste; ten vroegste op; ten vroegste in; vroegstens; vroegstens op; vroegstens in; vroegstens vanaf; op zijn vroegst; op z'n vroegst; niet vóór; niet eerder dan; niet vroeger dan | au plus tot a partir de; au plus tot le; au plus tot en; pas avant; pas avant le; pas plus tot que; au plus tot a partir du; au plus tot
from | weak | | des
until | | tot; tot en met; t/m; t.e.m.; tem; t.e.m; tot aan; uiterlijk tot; geldig tot | jusque; jusqu; jusqu'a; jusqu'au; jusqu'en; jusqu'aux; jusqu'a la; jusqu'a l; inclus jusqu; valable jusqu'au; au plus tard jusque; au plus tard jusqu'au; au plus tard jusqu'en; au plus tard jusqu'a
between | | tussen | entre
in | | in; anno; in het jaar; in de maand; in de maanden | en; au mois de; aux mois de; au mois d; en l'an; en mois de
during | | in de loop van; ergens in; gedurende; tijdens; doorheen; in de periode; in de duur van; over; voor de periode; de periode; periode; voor het hele; in de periode van; voor de duur van; lopende;; op een moment in; verspreid over; gespreid over; doorheen de periode; in het tijdvak; gedurende de periode; gedurende de jaren; tijdens de periode; tijdens de jaren; in de jaren | courant; courant de; courant du; dans le courant de; dans le courant du; en cours de; au cours de; au cours du; pendant; durant; sur; sur la periode; pour la periode; la periode; periode; dans la periode; pendant la periode; pour la duree de; pendant la duree de; en courant de; cours; reparti sur; etale sur; dans le cours de; pendant les annees; durant la periode; au fil de; durant les annees; au cours des annees; dans les annees
within | hard | uiterlijk binnen; ten laatste binnen | au plus tard dans
within | | binnen; endeans; binnen een termijn van; binnen een periode van; in een termijn van; binnen maximaal; binnen ten hoogste | dans; endeans; sous; dans un delai de; dans un delai maximum de; dans un delai maximal de; endeans un delai de; dans un terme de; sous un delai de; dans un maximum de; au plus tard dans un delai de; dans un delai d
latest | | later | plus tard
on | | op; op datum van; dd.; d.d. | a la date du; en date du; au jour du
van | | van; v.; vh; vd | de; d; du; des; de l; de la
van | | door | par
au | | aan; ter; à | au; aux; a
art | | de; het; den; 't; deze; dit; die; dat; zijn; haar; hun; onze; ons; diens; mijn; uw; jouw | le; la; les; l; ce; cet; cette; ces; son; sa; leur; leurs; notre; nos; ses; mon; ma; mes; votre; vos
# a time that only the reader of the day could date
sometime | | vakantie; paasvakantie; krokusvakantie; herfstvakantie; pasen; pinksteren; allerheiligen; schoolvakantie; schoolvakanties; dit jaar; dit kalenderjaar; lopend jaar; lopende jaar; huidig jaar; huidige jaar; dit kwartaal; dit semester; deze maand; lopende maand; deze week | vacances; vacances de paques; conge de paques; vacances de printemps; vacances de carnaval; conge de carnaval; vacances de toussaint; conge de toussaint; paques; pentecote; toussaint; vacances scolaires; cette annee; annee en cours; l'annee en cours; annee courante; ce trimestre; ce semestre; ce mois; mois en cours; cette semaine
this | | dit; deze; die; dat | ce; cet; cette; ces
and | | en; alsook; evenals; alsmede; plus; en ook; ook; daarnaast; en dit; en wel; en tevens; tevens; alsook telkens; waarvan; respectievelijk; enerzijds; anderzijds; namelijk; met name; dus; maar; weliswaar; waarbij; met; telkens; uitgevoerd | et; ainsi que; de meme que; et aussi; aussi; egalement; et ce; dont; respectivement; a savoir; notamment; soit; mais; toutefois; avec; plus; en outre; chaque fois; a chaque fois
except | | tenzij; behoudens; behalve; uitgezonderd; met uitzondering van; niet; uitgenomen | sauf; sauf si; a moins que; a moins de; excepte; hormis; a l'exception de; a l'exception du; hors; pas
or | | of; ofwel; en/of; dan wel | ou; ou bien; et/ou; ou encore
exact | | precies; exact; juist; enkel; alleen; uitsluitend; slechts; pas; telkens op | exactement; precisement; toujours; uniquement; seulement; exclusivement
circa | | zo'n; rond; omstreeks; circa; ca; ongeveer; rondom; richtdatum; vermoedelijk; in principe; normaal; normaliter; indicatief; ter indicatie; richtinggevend; bij benadering; streefdoel; +/-; naar schatting; naar verwachting; vermoedelijk rond; plusminus; zowat; ergens rond; in de buurt van; indicatieve datum  | vers; aux alentours de; autour de; autour du; aux environs de; environ; approximativement; en principe; normalement; vers la; probablement; a titre indicatif; +/-; aux alentours du; aux environs du; env; plus ou moins; a peu pres; aux abords de; estimation; indicatif; indicative; date indicative; dans les environs de
inclusive | | inbegrepen; inclusief; incl; meegerekend | inclus; compris; y compris; incluse; incl; inclusivement; y compris

# parts of a period
edge | end | einde; eind; ultimo; aan het einde; op het einde; op het eind; aan het eind; tegen het einde; het einde; afloop; eindejaar; jaareinde; slot | fin; a la fin; en fin; la fin; terme; a l'expiration; expiration; au terme
edge | begin | begin; het begin; in het begin; aan het begin; aanvang; start; de start; bij de aanvang; bij aanvang; bij de start; bij het begin; opstart; bij start; prille begin | debut; au debut; le debut; en debut; commencement; entame; demarrage; lancement
edge | mid | midden; medio; half; halfweg; halverwege; in het midden; het midden; tegen halverwege; helft; ter hoogte van de helft | mi; milieu; au milieu; a mi; moitie; a la moitie; mi parcours; a mi parcours; a mi chemin; mi chemin

# units
unit | d | dag; dagen; kalenderdag; kalenderdagen; daags | jour; jours; jours calendrier; jour calendrier; jours calendaires; jours civils; jour calendaire; journee; journees; jours de calendrier; jour de calendrier; jours francs; jour franc
unit | wd | werkdag; werkdagen; arbeidsdag; arbeidsdagen; wd; wettelijke werkdagen; bankwerkdagen | jour ouvrable; jours ouvrables; jour ouvre; jours ouvres; jours de travail; jours ouvrables bancaires; jour de travail
unit | w | week; weken; kalenderweek; kw; wk; wkn; w | semaine; semaines; semaine calendrier; sem; w
unit | 2w | veertiendaagse | quinzaine; quinzaine de jours
unit | m | maand; maanden; mnd; kalendermaand; mnden; maands | mois; mois calendrier
unit | q | kwartaal; kwartalen; trimester; trimesters; trim; kwart; q; k | trimestre; trimestres; trim; t; q
unit | h | semester; semesters; halfjaar; half jaar; halve jaren; zes maanden periode; jaarhelft; sem; s; h | semestre; semestres; s; demi annee; h; sem
unit | y | jaar; jaren; kalenderjaar; kalenderjaren; jaargang; begrotingsjaar; begrotingsjaren; dienstjaar; dienstjaren; boekjaar; werkjaar | an; ans; annee; annees; annee civile; annee calendrier; annees civiles; exercice; annee budgetaire; annees budgetaires; exercices; exercice budgetaire; exercices budgetaires
unit | mand | ambtstermijn; mandaatperiode; mandaat; ambtsperiode | mandat; mandature
helft | | helft; jaarhelft | moitie

# months and days
month | 1 | januari; jan | janvier; janv; jan
month | 2 | februari; feb; febr | fevrier; fevr; fev; feb
month | 3 | maart; mrt; mar | mars; mar
month | 4 | april; apr | avril; avr
month | 5 | mei | mai
month | 6 | juni; jun | juin; jun
month | 7 | juli; jul | juillet; juil; jul
month | 8 | augustus; aug | aout; aou
month | 9 | september; sep; sept | septembre; sept; sep
month | 10 | oktober; okt; october; oct | octobre; oct
month | 11 | november; nov | novembre; nov
month | 12 | december; dec;  | decembre; dec
weekday | mon | maandag; maandags; maandagen | lundi; lundis
weekday | tue | dinsdag; dinsdags; dinsdagen | mardi; mardis
weekday | wed | woensdag; woensdags; woensdagen | mercredi; mercredis
weekday | thu | donderdag; donderdags; donderdagen | jeudi; jeudis
weekday | fri | vrijdag; vrijdags; vrijdagen | vendredi; vendredis
weekday | sat | zaterdag; zaterdags; zaterdagen | samedi; samedis
weekday | sun | zondag; zondags; zondagen | dimanche; dimanches
season | spring | lente; voorjaar; in de lente; in het voorjaar | printemps; au printemps
season | summer | zomer; in de zomer; zomerperiode | ete; en ete; periode estivale
season | autumn | herfst; najaar; in het najaar; in de herfst | automne; en automne; a l'automne
season | winter | winter; in de winter | hiver; en hiver
holiday | summer | zomervakantie; grote vakantie; zomerreces; zomervakanties; parlementair reces | vacances d'ete; grandes vacances; vacances estivales; conges d'ete; vacances parlementaires
holiday | year-end | kerstvakantie; eindejaarsperiode; kerst; kerstmis | vacances de noel; vacances d'hiver; fetes de fin d'annee; noel

# numbers
num | 1 | een; eenmaal; eens; eenmalig | un; une; unique
num | 2 | twee; tweemaal | deux
num | 3 | drie; driemaal | trois
num | 4 | vier; viermaal | quatre
num | 5 | vijf; vijfmaal | cinq
num | 6 | zes; zesmaal | six
num | 7 | zeven; zevenmaal | sept
num | 8 | acht; achtmaal | huit
num | 9 | negen | neuf
num | 10 | tien; tienmaal | dix
num | 11 | elf | onze
num | 12 | twaalf; twaalfmaal | douze; douzaine
num | 13 | dertien | treize
num | 14 | veertien | quatorze
num | 15 | vijftien | quinze
num | 16 | zestien | seize
num | 17 | zeventien | dix sept
num | 18 | achttien | dix huit
num | 19 | negentien | dix neuf
num | 20 | twintig | vingt
num | 30 | dertig | trente
num | 40 | veertig | quarante
num | 50 | vijftig | cinquante
num | 60 | zestig | soixante
num | 70 | zeventig | soixante dix; septante
num | 80 | tachtig | quatre vingt; quatre vingts; octante
num | 90 | negentig | quatre vingt dix; nonante
num | 100 | honderd | cent
num | 1.5 | anderhalf; anderhalve |
num | 0.5 | een half; een halve; halve | demi; demie; un demi; une demi
ord | 1 | eerste; allereerste; eerstvolgende | premier; premiere; premiers; premieres
ord | 2 | tweede | deuxieme; second; seconde; deuxiemes
ord | 3 | derde | troisieme; tiers
ord | 4 | vierde | quatrieme
ord | 5 | vijfde | cinquieme
ord | 6 | zesde | sixieme
ord | 7 | zevende | septieme
ord | 8 | achtste | huitieme
ord | 9 | negende | neuvieme
ord | 10 | tiende | dixieme
ord | 11 | elfde | onzieme
ord | 12 | twaalfde | douzieme
ord | 15 | vijftiende | quinzieme
ord | 20 | twintigste | vingtieme
ord | 30 | dertigste | trentieme
ord | -1 | laatste; allerlaatste | dernier; derniere; derniers; dernieres
ord | -2 | voorlaatste | avant dernier; avant derniere

# how often
every | | elk; elke; ieder; iedere; alle; om de; om het; om; per; telkens per; elk van de; telkens om de; een keer om de | chaque; tous les; toutes les; par; tout; toute; a chaque; tous; toutes; une fois tous les; une fois toutes les
# Dutch "om de week" is every other week, "om de drie weken" every third
alternate | | om de; om het |
other | | om de andere; om het andere; elke andere; iedere andere |
times | | keer; keren; maal; malen; x | fois; x; reprise; reprises; occasion; occasions
thing | | vergadering; vergaderingen; verslag; verslagen; rapport; rapporten; rapportering; rapportage; rapporteringen; rapportages; bijeenkomst; bijeenkomsten; overleg; overlegmomenten; evaluatie; evaluaties; update; updates; opvolging; controle; controles; meting; metingen; publicatie; publicaties; stuk; sessie; sessies; activiteit; activiteiten; contactmoment; contactmomenten; bevraging; nota; actualisering; bijwerking; herziening; moment; momenten; audits | reunion; reunions; rapport; rapports; rapportage; rapportages; reporting; evaluation; evaluations; mise a jour; mises a jour; suivi; controle; controles; mesure; mesures; publication; publications; session; sessions; activite; activites; enquete; enquetes; note; notes; actualisation; actualisations; rencontre; rencontres; revision; audits; contacts
freq | =1/y | jaarlijks; jaarlijkse; eenjaarlijks; op jaarbasis; per jaar; jaar na jaar; van jaar tot jaar; jaarverslag; ieder jaar opnieuw; elk jaar opnieuw; jaarrapport; jaarrapportage; jaarlijks verslag; om de twaalf maanden; s jaars; per kalenderjaar | annuel; annuelle; annuels; annuelles; annuellement; sur base annuelle; par an; d'annee en annee; rapport annuel; une base annuelle; sur une base annuelle; tous les ans; tous les douze mois; tous les 12 mois
freq | =2/y | halfjaarlijks; halfjaarlijkse; semestrieel; semestriele; zesmaandelijks; zesmaandelijkse; per semester; per halfjaar; per half jaar; op halfjaarbasis; op halfjaarlijkse basis; elk halfjaar; elk half jaar; ieder half jaar; ieder halfjaar; elk semester; ieder semester; elke jaarhelft; zesmaandelijks verslag; halfjaarverslag; semesterverslag; semesterieel; halfjaarrapport; om het half jaar; om het halfjaar; om het semester; semestrieel verslag | semestriel; semestrielle; semestriels; semestrielles; semestriellement; semi annuel; semi annuelle; par semestre; chaque semestre; tous les semestres; sur base semestrielle; sur une base semestrielle; a chaque semestre
freq | every 3m | driemaandelijks; driemaandelijkse; trimestrieel; trimestriele; per kwartaal; per trimester; elk kwartaal; ieder kwartaal; elk trimester; ieder trimester; kwartaalverslag; kwartaalrapportering; op kwartaalbasis; kwartaalsgewijs; op driemaandelijkse basis; kwartaalrapportage; kwartaalrapporten; kwartaalverslagen; kwartaalrapport; kwartaalcijfers; kwartaalopvolging; kwartaaloverleg; driemaandelijks verslag; trimestrieel verslag; trimesterverslag | trimestriel; trimestrielle; trimestriels; trimestrielles; trimestriellement; par trimestre; chaque trimestre; tous les trimestres; sur base trimestrielle; sur une base trimestrielle; a chaque trimestre
freq | every 2m | tweemaandelijks; tweemaandelijkse; om de andere maand; op tweemaandelijkse basis; bimestrieel; bimestriele; tweemaandelijks verslag | bimestriel; bimestrielle; bimestriels; bimestrielles; bimestriellement
freq | every 4m | viermaandelijks; viermaandelijkse | quadrimestriel; quadrimestrielle; quadrimestriellement
freq | every 1m | maandelijks; maandelijkse; per maand; elke maand; iedere maand; op maandbasis; op maandelijkse basis; maand na maand; maandverslag; van maand tot maand; maandrapport; maandrapportage; maandoverleg | mensuel; mensuelle; mensuels; mensuelles; mensuellement; par mois; chaque mois; tous les mois; sur base mensuelle; sur une base mensuelle; a chaque mois
freq | =2/m | halfmaandelijks; halfmaandelijkse; halfmaandelijkse basis | bimensuel; bimensuelle; bimensuels; bimensuelles; bimensuellement
freq | every 2w | tweewekelijks; tweewekelijkse; veertiendaags; veertiendaagse; om de andere week; tweewekelijkse basis; elke veertien dagen | chaque quinzaine; toutes les quinzaines; tous les quinze jours; par quinzaine
freq | every 1w | wekelijks; wekelijkse; per week; elke week; iedere week; op weekbasis; op wekelijkse basis; week na week; weekverslag; weekrapport; weekoverleg | hebdomadaire; hebdomadaires; hebdomadairement; par semaine; chaque semaine; toutes les semaines; sur base hebdomadaire; sur une base hebdomadaire
freq | =2/w | | bihebdomadaire; bihebdomadaires; bihebdomadairement
freq | every 3w | driewekelijks; driewekelijkse |
freq | every 6w | zeswekelijks; zeswekelijkse |
freq | every 1wd | per werkdag; elke werkdag; iedere werkdag; op werkdagbasis | par jour ouvrable; chaque jour ouvrable; tous les jours ouvrables; par jour ouvre; chaque jour ouvre; tous les jours ouvres
freq | every 1d | dagelijks; dagelijkse; per dag; elke dag; iedere dag; op dagbasis | quotidien; quotidienne; quotidiens; quotidiennes; quotidiennement; par jour; chaque jour; tous les jours; journellement; journalier; journaliere
freq | every 2y | tweejaarlijks; tweejaarlijkse; om het andere jaar | biennal; biennale; biennaux; bisannuel; bisannuelle; bisannuels; bisannuellement
freq | every 3y | driejaarlijks; driejaarlijkse | triennal; triennale; triennaux; trisannuel; trisannuelle
freq | every 4y | vierjaarlijks; vierjaarlijkse | quadriennal; quadriennale
freq | every 5y | vijfjaarlijks; vijfjaarlijkse | quinquennal; quinquennale
freq | =1/mand | per mandaat; per ambtstermijn | par mandat
freq | =2/y ~ every 2y | tweemaaljaarlijks | biannuel; biannuelle; biannuels; biannuelles; biannuellement
more | | meer dan | plus de; plus d'
ormore | | of meer; of vaker; of frequenter | ou plus; ou davantage; ou plus souvent; ou plus frequemment
less | | minder dan | moins de; moins d'
several | | enkele; meerdere; verschillende; verscheidene; meermaals; meermalen; herhaaldelijk | plusieurs; quelques; maintes
min | | ten minste; tenminste; minstens; minimaal; minimum; op zijn minst; op z'n minst; niet minder dan; in elk geval; in ieder geval; alleszins; min.; ≥; >= | au moins; au minimum; minimum; minimalement; a minima; pas moins de; en tout cas; en tout etat de cause; min.; ≥; >=; au minimum une fois
max | | maximaal; maximum; ten hoogste; hoogstens; niet meer dan; niet vaker dan; op zijn hoogst; max.; max; ≤; <= | au maximum; maximum; au plus; tout au plus; pas plus de; pas plus souvent que; pas plus souvent qu; maximalement; max.; max; ≤; <=; a concurrence de

hour | | uur; uren; u | heure; heures; h
onwards | | ten vroegste; en volgende; en volgende jaren; en de volgende jaren; en de daaropvolgende jaren; en daaropvolgende jaren; en latere jaren; e.v.; ev; en verder; en later | au plus tot; et suivants; et suivantes; et annees suivantes; et les annees suivantes; et les suivantes; et au dela; et ss; et ulterieurement
eve | before | daags voor; daags voordien; de dag voor; de dag voorafgaand aan; dag voor | la veille de; veille de
eve | after | daags na; de dag na; dag na; de dag volgend op | le lendemain de; lendemain de; le jour suivant
share | | waarvan; waaronder | dont
gazette | | in het belgisch staatsblad; in het staatsblad | au moniteur belge; au moniteur; dans le moniteur belge
allows | | het toelaat; het toelaten; dit toelaat; dit toelaten; dat toelaat; toelaat; toelaten; beschikbaar is; beschikbaar zijn; voldoende is; voldoende zijn; volstaat; volstaan; er is; er zijn; aanwezig is | le permet; le permettent; permet; permettent; est disponible; sont disponibles; est suffisant; sont suffisants; suffit; suffisent
enough | | voldoende; toereikende; genoeg; beschikbare; beschikbaar; nodige | suffisant; suffisants; suffisante; suffisantes; assez de; disponible; disponibles; necessaire; necessaires

# without a date
cont | | vanaf heden; vanaf nu; vanaf vandaag; met onmiddellijke ingang; doorlopend; doorlopende; permanent; permanente; continu; continue; voortdurend; voortdurende; onafgebroken; het hele jaar door; heel het jaar door; gans het jaar; het gehele jaar; het volledige jaar; het ganse jaar; heel het jaar; hele jaar; het jaar rond; jaarrond; het hele jaar; doorheen het jaar; doorheen het hele jaar; doorheen het gehele jaar; te allen tijde; steeds; altijd; op permanente basis; op doorlopende basis; op continue basis; doorlopend proces; structureel; systematisch; continue opvolging; blijvend; zonder einddatum; onbeperkt; voor onbepaalde duur; voor onbepaalde tijd; van onbepaalde tijd; van onbepaalde duur; recurrent; in een continu proces; ononderbroken; constant; het ganse jaar door; heel de tijd; dag na dag; continu proces; permanent proces; doorlopende opdracht; continue opdracht; op continue wijze; op permanente wijze; op doorlopende wijze; het ganse jaar; gedurende het hele jaar; het hele jaar lang; gedurende het volledige jaar; elk moment; op elk moment; in continu; doorlopende taak; dagelijkse werking; zonder onderbreking | a partir de maintenant; à partir d'aujourd'hui; dès à présent; des a present; dès maintenant; des maintenant; des aujourd'hui; dès aujourd'hui; en continu; continu; continue; continus; continuellement; de maniere continue; de facon continue; permanent; permanente; en permanence; de maniere permanente; de facon permanente; toute l'annee; tout au long de l'annee; pendant toute l'annee; durant toute l'annee; a tout moment; en tout temps; toujours; constamment; sans interruption; sans discontinuer; sans relache; de maniere structurelle; structurellement; systematiquement; de maniere systematique; au fil de l'eau; a duree indeterminee; pour une duree indeterminee; processus continu; recurrent; recurrente; sans date de fin; de maniere constante; tout au long de l'exercice; ininterrompu; au quotidien; mission continue; tache continue; tache permanente; mission permanente; en tout moment; de tout temps; en mode continu; sur une base continue; sur base continue; sur une base permanente; sur base permanente; processus permanent; suivi continu; suivi permanent; l'annee entiere; pendant l'annee entiere; toute l'annee durant; en flux continu; de facon ininterrompue
cont | going | lopend | en cours
cont | often | regelmatig; regelmatige; geregeld; op regelmatige basis; op geregelde tijdstippen; op regelmatige tijdstippen; periodiek | regulierement; de maniere reguliere; de facon reguliere; a intervalles reguliers; periodiquement; sur une base reguliere
whole | | hele; gehele; volledige; ganse; heel; gans; volle; ganse duur van; hele duur van; gehele duur van; volledige duur van; duur van; hele looptijd van; gehele looptijd van; volledige looptijd van; looptijd van; hele periode van; volledige periode van | toute; tout; entier; entiere; toute la duree de; toute la duree du; la duree de; la duree du; duree du; duree de; l'ensemble de; l'ensemble du; l'integralite du; l'integralite de; la totalite du; la totalite de; l'entierete du; l'entierete de; tout au long de; tout au long du; toute la periode de; toute la periode du
mandate | | mandaat; mandaats; ambtstermijn; mandaatperiode; mandaatsperiode; mandaatstermijn; opdracht als mandaathouder; mandaten; huidige mandaat; lopende mandaat; lopend mandaat | mandat; mandature; duree du mandat; mandat en cours; present mandat; mandat actuel
mandateend | | einde mandaat; mandaateinde; mandaatseinde; einde van de opdracht; afloop van het mandaat; verstrijken van het mandaat; beeindiging van het mandaat; het verstrijken van het mandaat; verval van het mandaat; einde mandaatperiode; het aflopen van het mandaat; einde ambtstermijn; einde van de ambtstermijn | fin de mandat; fin du mandat; terme du mandat; echeance du mandat; expiration du mandat; cloture du mandat; l'expiration du mandat; cessation du mandat; bout du mandat; fin de son mandat; fin de mandature; l'echeance du mandat; l'issue du mandat; issue du mandat; la fin du mandat
mandateend | evaluation | eindevaluatie; de eindevaluatie; eindevaluatie van het mandaat | evaluation finale; l'evaluation finale; evaluation finale du mandat
mandatebegin | | aanstelling; de aanstelling; benoeming; de benoeming; indiensttreding; de indiensttreding; ambtsaanvaarding; de ambtsaanvaarding; opname van het mandaat; de opname van het mandaat; aanvang mandaat; begin mandaat; start mandaat; aanvang van het mandaat; de aanvang van het mandaat; inwerkingtreding van het mandaat; ingang van het mandaat; eedaflegging; de eedaflegging; aanduiding; de aanduiding; mandaatopname; aantreden; het aantreden; infunctietreding; toekenning van het mandaat; opnemen van het mandaat; aanwijzing; opening van het mandaat; aanstelling van de mandaathouder; indiensttreding van de mandaathouder | designation; la designation; nomination; la nomination; entree en fonction; l'entree en fonction; entree en service; prise de fonction; la prise de fonction; prise de fonctions; entree en fonctions; debut du mandat; debut de mandat; prise de mandat; la prise de mandat; prestation de serment; la prestation de serment; commencement du mandat; entame du mandat; prise en charge du mandat; demarrage du mandat; l'entree en fonctions; attribution du mandat; prise d'effet du mandat; entree en mandat; designation du mandataire; entree en fonction du mandataire
mandatemid | | halfweg het mandaat; halfweg mandaat; halverwege het mandaat; midden van het mandaat; half mandaat; midden mandaat; het midden van het mandaat; medio mandaat; in het midden van het mandaat; de helft van het mandaat; halfweg de ambtstermijn; mid mandaat; midmandaat | mi mandat; a mi mandat; milieu du mandat; le milieu du mandat; au milieu du mandat; mi parcours du mandat; a mi parcours du mandat; la moitie du mandat; mi temps du mandat; a mi chemin du mandat; mi mandature; a mi mandature; a mi parcours; mi course du mandat
mandatemid | evaluation | tussentijdse evaluatie; de tussentijdse evaluatie; mid-term evaluatie; midtermevaluatie; halfwegevaluatie; halftijdse evaluatie | evaluation intermediaire; l'evaluation intermediaire; evaluation a mi parcours; evaluation de mi mandat; evaluation a mi mandat
mandateyear | | mandaatjaar; mandaatjaren | annee de mandat; an de mandat
legislature | | legislatuur; regeerperiode; zittingsperiode; de legislatuur; deze legislatuur; huidige legislatuur; de huidige legislatuur; bestuursperiode; regeringsperiode; lopende legislatuur; de lopende legislatuur; volgende legislatuur; de volgende legislatuur; komende legislatuur; de komende legislatuur; nieuwe legislatuur; de nieuwe legislatuur | legislature; la legislature; la presente legislature; la legislature en cours; la legislature actuelle; legislature en cours; prochaine legislature; la prochaine legislature; nouvelle legislature; la nouvelle legislature
contractterm | | looptijd van het beheerscontract; de looptijd van het beheerscontract; geldigheidsduur van het beheerscontract; looptijd van het huidige beheerscontract; looptijd van het lopende beheerscontract | duree du contrat de gestion; la duree du contrat de gestion; duree de validite du contrat de gestion; la duree de validite du contrat de gestion
schoolyear | | schooljaar; schooljaren; academiejaar; academiejaren; het schooljaar; het academiejaar; school jaar; academisch jaar | annee scolaire; annees scolaires; l'annee scolaire; annee academique; l'annee academique
schoolyear | begin | nieuw schooljaar | rentree scolaire; rentree; rentree academique
asap | | zo snel mogelijk; zo spoedig mogelijk; zo vlug mogelijk; zo vroeg mogelijk; zodra mogelijk; onverwijld; onmiddellijk; zonder verwijl; zonder uitstel; ten spoedigste; z.s.m.; zsm; asap; dringend; op de kortst mogelijke termijn; binnen de kortst mogelijke termijn; terstond; meteen; op korte termijn; zonder vertraging; per direct; van zodra mogelijk; zo gauw mogelijk; binnen de kortste keren; met onmiddellijke ingang; op zeer korte termijn; snel; zo snel als mogelijk; zo spoedig als mogelijk; zo vlug als mogelijk; zo rap mogelijk; op zo kort mogelijke termijn; in de kortst mogelijke tijd; zo kort mogelijk; hoogdringend; prioritair; binnen een zo kort mogelijke termijn; met spoed; op het kortst mogelijke tijdstip | des que possible; le plus vite possible; le plus rapidement possible; aussi vite que possible; aussi rapidement que possible; aussitot que possible; le plus tot possible; dans les meilleurs delais; dans les plus brefs delais; sans delai; immediatement; sans tarder; au plus vite; au plus tot; asap; urgent; d'urgence; sans attendre; sans retard; a bref delai; a court terme; a tres court terme; dans un bref delai; avec effet immediat; le plus tot; rapidement; au plus tot possible; aussi tot que possible; le plus vite; sitot que possible; dans le delai le plus court possible; en urgence; toutes affaires cessantes; dans les delais les plus brefs; dans les meilleurs delais possibles; sur le champ; au plus vite possible; dans un delai aussi bref que possible; des que faire se peut
assoon | | zodra; van zodra; eens; eenmaal dat; onmiddellijk na; meteen na; onmiddellijk bij; vanaf het moment dat; zodra dat; wanneer; als; op het ogenblik dat; onverwijld na; zo snel mogelijk na; zo spoedig mogelijk na; direct na; dadelijk na; op het moment dat | des que; des qu; aussitot que; aussitot qu; une fois que; une fois qu; sitot que; lorsque; lorsqu; immediatement apres; des que possible apres; aussi vite que possible apres; le plus vite possible apres; sans delai apres; dans les meilleurs delais apres; dans les plus brefs delais apres; le plus tot possible apres; des l; au moment ou; des la; des leur; des son; des sa; sitot apres; quand; aussitot apres; des lors que; le plus rapidement possible apres; des les
need | | naar behoefte; naargelang de behoefte; naargelang de behoeften; naargelang van de behoeften; indien nodig; zo nodig; waar nodig; wanneer nodig; als nodig; volgens behoefte; volgens de behoeften; volgens noodzaak; naar noodzaak; indien noodzakelijk; wanneer vereist; afhankelijk van de behoefte; afhankelijk van de behoeften; afhankelijk van de noden; naargelang de noden; volgens de noden; volgens nood; naargelang de nood; bij behoefte; bij noodzaak; telkens wanneer nodig; telkens als nodig; naargelang van de behoefte; naar gelang van de behoefte; naar gelang de behoefte; naar gelang van de behoeften; wanneer noodzakelijk; ad hoc; occasioneel; ad-hocbasis; op ad-hocbasis; indien vereist; in functie van de behoeften; in functie van de noden; in functie van de behoefte; in functie van de nood; bij nood; telkens als het nodig is; telkens wanneer dat nodig is; wanneer dit nodig is; wanneer dat nodig is; telkens wanneer het nodig is; indien dit nodig is; naar gelang de behoeften; occasionele; naargelang het geval; on demand; indien wenselijk; volgens de behoefte; waar noodzakelijk; in geval van nood; desgevallend; in voorkomend geval; indien van toepassing; geval per geval; per geval; naar gelang het geval; naargelang de noodzaak; wanneer de behoefte zich voordoet; indien de behoefte zich voordoet; bij elke behoefte; als het nodig is; indien het nodig is; wanneer het nodig is; afhankelijk van de noodzaak; afhankelijk van de nood; naar noden; naar nood; zo vaak als nodig; zoveel als nodig; zo dikwijls als nodig; op basis van de behoeften; op basis van de noden; volgens noden; telkens dit nodig is; zodra nodig; telkens indien nodig; voor zover nodig; incidenteel; sporadisch | selon les besoins; selon necessite; selon les necessites; selon besoin; au besoin; si necessaire; en cas de besoin; en fonction des besoins; suivant les besoins; si besoin; le cas echeant; si besoin est; lorsque c'est necessaire; quand c'est necessaire; lorsque cela est necessaire; selon les necessites; ad hoc; selon le besoin; en fonction du besoin; au gre des besoins; occasionnellement; ponctuellement; autant que de besoin; si nécessaire; chaque fois que necessaire; a chaque fois que necessaire; quand cela est necessaire; suivant besoin; si cela s'avere necessaire; lorsque necessaire; la ou c'est necessaire; de maniere ponctuelle; en fonction des necessites; chaque fois que c'est necessaire; si requis; dans la mesure du necessaire; tant que de besoin; au cas par cas; cas par cas; selon le cas; en fonction de la necessite; en fonction des necessites; selon la necessite; suivant les necessites; selon les necessites du service; suivant le besoin; aussi souvent que necessaire; autant que necessaire; autant que de besoin; en tant que de besoin; des que necessaire; chaque fois que cela est necessaire; chaque fois que c'est necessaire; si cela s'avere necessaire; si le besoin s'en fait sentir; lorsque le besoin s'en fait sentir; pour autant que necessaire; ponctuellement; sur base des besoins; a chaque fois que necessaire; quand necessaire; lorsque necessaire; occasionnellement; si utile
depends | | afhankelijk van; naargelang; naargelang van; in functie van; onder voorbehoud van; mits; op voorwaarde van; naar gelang; naar gelang van; rekening houdend met; volgens; binnen de perken van; binnen de grenzen van; op basis van; voor zover; voor zover mogelijk; in de mate van; onder voorwaarde van; overeenkomstig; conform; op voorwaarde dat; binnen de limieten van; indien; zoals bepaald in; zoals bepaald door; zoals vastgelegd in; zoals vastgesteld in; zoals voorzien in; vastgelegd in; vastgesteld in; bepaald door; op grond van; in lijn met; in overeenstemming met; binnen het kader van; met inachtneming van; in afwachting van; uitgaande van; zoals overeengekomen in; zoals overeengekomen met | en fonction; sous reserve; a condition; sur base; sur la base; dans la limite; dans les limites; dans la mesure; compte tenu; dependant; en fonction de; en fonction du; en fonction des; selon; suivant; sous reserve de; sous reserve du; sous reserve des; a condition de; dans les limites de; dans les limites du; dans les limites des; dans la limite de; dans la limite des; dans la limite du; sur base de; sur base du; sur base des; dans la mesure de; dans la mesure des; dans la mesure du; dependant de; dependant du; dependant des; compte tenu de; compte tenu du; compte tenu des; moyennant; conformement a; conformement au; conformement aux; a condition que; tel que fixe dans; tel que fixe par; tel que prevu dans; tel que prevu par; fixe par; fixe dans; sur la base de; sur la base du; sur la base des; pour autant que; pour autant qu; si; a la condition que; en attendant; dans le respect de; dans le respect des; tributaire de
adj | | nieuw; nieuwe; eventuele; eventueel; nodige; noodzakelijke; vereiste; benodigde; betrokken; desbetreffende; belangrijke; formele; definitieve | nouveau; nouvelle; nouvel; nouveaux; nouvelles; eventuel; eventuelle; eventuels; eventuelles; necessaire; necessaires; requis; requise; requises; concerne; concernee; important; importante; formelle; definitive; definitif
at | each | telkens wanneer; telkens als; telkens bij; telkens | chaque fois que; a chaque fois que
at | | bij; naar aanleiding van; ter gelegenheid van; n.a.v.; n.a.v; nav; tijdens elke; in geval van; bij gelegenheid van; op het moment van; op het ogenblik van; gelijktijdig met; samen met; ten tijde van; in het kader van | lors de; lors du; lors des; lors d; a l'occasion de; a l'occasion du; a l'occasion des; a l'occasion d; au moment de; au moment du; au moment des; en cas de; en cas d; a l'heure de; parallelement a; en meme temps que; au moment d; dans le cadre de; dans le cadre du
request | | op verzoek van; op vraag van; op verzoek; op vraag; op aanvraag van; op aanvraag; op eenvoudig verzoek van; op eenvoudig verzoek; op afroep; wanneer daarom wordt verzocht; op eerste verzoek van; op eerste verzoek; op uitdrukkelijk verzoek van; op schriftelijk verzoek van; op schriftelijk verzoek; op schriftelijke vraag van; op eenvoudige vraag van; op eenvoudige vraag; op expliciete vraag van; op gemotiveerd verzoek van | a la demande de; a la demande du; a la demande des; a la demande d; sur demande de; sur demande du; sur demande des; sur demande d; sur demande; a la demande; sur simple demande; sur simple demande de; sur simple demande du; a la requete de; a la requete du; a premiere demande; sur requete; a premiere demande de; a premiere demande du; sur demande expresse de; sur demande expresse du; sur demande ecrite de; sur demande ecrite; a la demande expresse de; a la demande ecrite de; a la demande explicite de; sur demande motivee de; sur demande explicite de; sur demande prealable de; a la simple demande de; sur requete de
tbd | | nog te bepalen; te bepalen; n.t.b.; n.t.b; ntb; nog vast te leggen; vast te leggen; nog te bespreken; nog af te spreken; nader te bepalen; later te bepalen; te bespreken; nog niet bepaald; nog onbekend; tbd; t.b.d.; nog vast te stellen; vast te stellen; nog in te vullen; nog niet gekend; nog overeen te komen; overeen te komen; af te spreken; onbepaald; datum volgt; nog te plannen; wordt later bepaald; nog niet vastgelegd; in te vullen; nog mee te delen; mee te delen; wordt nog bepaald; p.m.; pm; nog te beslissen; te beslissen; nog te concretiseren; nog te bevestigen; te bevestigen; datum nog te bepalen; datum te bepalen; nog niet vastgesteld; wordt later meegedeeld; wordt nog meegedeeld; wordt nog vastgelegd; wordt later vastgelegd; volgt; volgt nog; volgt later; nog niet beslist; nog niet bekend; onbekend; in overleg te bepalen; in onderling overleg te bepalen; later vast te leggen; in overleg vast te leggen; wordt vastgelegd; wordt bepaald; termijn te bepalen; nog te definiëren; te definiëren; t.b.b.; nog open; timing te bepalen; later vast te stellen; tba; n.n.b.; nnb; nog niet bekendgemaakt | a determiner; a definir; a fixer; a convenir; a preciser; non determine; non defini; a confirmer; date a convenir; date a fixer; date a determiner; tbd; encore a determiner; encore a definir; encore a fixer; encore a preciser; indetermine; inconnu; pas encore determine; pas encore fixe; reste a determiner; reste a definir; reste a fixer; a planifier; a completer; non encore determine; a communiquer; a discuter; sera determine ulterieurement; sera fixe ulterieurement; non fixe; p.m.; pm; pour memoire; a decider; a determiner ulterieurement; a definir ulterieurement; a arreter; date encore a determiner; date encore a fixer; sera communique ultérieurement; sera communiquee ulterieurement; sera precise ulterieurement; sera precisee ulterieurement; sera determinee ulterieurement; sera fixee ulterieurement; a preciser ulterieurement; a fixer ulterieurement; suivra; a suivre; a valider; encore inconnu; encore inconnue; inconnue; pas encore connu; pas encore connue; pas encore fixee; pas encore determinee; non determinee; non fixee; non definie; a determiner de commun accord; reste a preciser; reste a convenir; encore a convenir; encore a confirmer; delai a determiner; delai a fixer; tba; a definir en concertation; indeterminee; date inconnue; echeance a determiner; echeance a definir; echeance a fixer; calendrier a definir; calendrier a determiner; planning a definir
na | | n.v.t.; n.v.t; nvt; niet van toepassing; zonder voorwerp; geen; geen deadline; zonder deadline; geen termijn; n/a; n.a.; zonder termijn; geen tijdschema; geen einddatum; geen streefdatum; geen vervaldag; niet relevant; zonder datum; geen datum; nihil; n.r.; niet toepasselijk; geen voorwerp; zonder tijdslimiet; geen specifieke termijn; geen specifieke deadline; geen vaste termijn; geen timing; geen tijdslimiet | s.o.; s.o; so; sans objet; n/a; n.a.; non applicable; pas d'application; ne s'applique pas; sans echeance; pas d'echeance; aucune echeance; aucun; aucune; neant; pas de delai; sans delai fixe; non concerne; sans date; aucun delai; pas de deadline; aucune deadline; aucune date; pas applicable; non pertinent; n.a; pas de date; pas de terme; pas de date limite; sans date limite; sans terme; aucun terme; aucune limite; sans limite de temps; pas de calendrier; aucune date limite; pas de delai specifique; aucun delai fixe; ne sont pas d'application; n.r.; s. o.
status | | gerealiseerd; afgewerkt; bereikt; in uitvoering; lopende; uitgevoerd; volledig gerealiseerd; deels gerealiseerd; gedeeltelijk gerealiseerd; stopgezet; geannuleerd; niet gerealiseerd; in orde; ok; gedaan; afgesloten; niet gestart; nog niet gestart; opgestart; in voorbereiding; reeds gerealiseerd; reeds uitgevoerd; reeds afgerond; op schema; vertraagd; behaald; goedgekeurd; geschrapt; on hold; in behandeling; niet bereikt; uitgesteld; opgeschort; reeds bereikt; reeds behaald; geslaagd; achterstand; te laat; klaar; voltooid; afgerond; voltooid; beeindigd; gestart; bezig; volledig uitgevoerd; volledig afgerond; volledig afgewerkt; gedeeltelijk uitgevoerd; deels uitgevoerd; gedeeltelijk afgerond; on track; lopend dossier; in de steigers; nog niet gerealiseerd; niet uitgevoerd; nog niet uitgevoerd; wordt uitgevoerd; in ontwikkeling; in opmaak; in opstart; in voorbereidende fase; volledig bereikt; vervolledigd; gefinaliseerd; grotendeels gerealiseerd; lopende werkzaamheden; geschorst; stilgelegd; voortgezet; verwezenlijkt; reeds verwezenlijkt; geïmplementeerd; opgeleverd; reeds opgeleverd; niet behaald; verlopen; gehaald; niet gehaald; reeds klaar; is gerealiseerd; is afgerond; is voltooid; werd gerealiseerd; in lijn met de planning; voorlopig stopgezet; nog bezig; done | realise; realisee; realises; realisees; atteint; atteinte; en cours d'execution; en cours de realisation; execute; partiellement realise; abandonne; abandonnee; annule; annulee; non realise; non realisee; ok; fait; cloture; cloturee; pas encore commence; pas commence; demarre; en preparation; deja realise; deja realisee; deja fait; dans les temps; en retard; suspendu; supprime; approuve; finalise; finalisee; en attente; non atteint; non commence; deja atteint; effectue; entierement realise; reporte; deja execute; executee; abouti; retarde; termine; terminee; acheve; achevee; non demarre; en bonne voie; en cours; entierement execute; entierement executee; totalement realise; entierement realisee; partiellement executee; partiellement execute; partiellement realisee; en bonne progression; en suspens; en cours d'elaboration; en cours de preparation; en cours de finalisation; en phase de demarrage; pas realise; pas encore realise; pas encore realisee; pas atteint; non execute; concretise; concretisee; mis en oeuvre; implemente; deja mis en oeuvre; en cours de mise en oeuvre; a l'arret; stoppe; expire; est realise; a ete realise; est termine; est acheve; a ete acheve; a ete cloture; deja termine; deja terminee; deja acheve; deja cloture; livre; livree; on hold; on track; en developpement; en phase de finalisation; largement realise; depasse; termines; acheves; clotures; atteints; atteintes; en cours de traitement; done; sur les rails; en voie de realisation; en voie d'achevement; non cloture
extended | | verlengd tot; verlengd tot en met; uitgesteld tot; uitgesteld naar; verschoven naar; verschoven tot; verplaatst naar; herzien tot; herzien naar; aangepast naar; aangepast tot; bijgesteld naar; gewijzigd in; gewijzigd naar; wordt; werd; nu; nieuwe datum; nieuwe deadline; verdaagd naar; verdaagd tot; opgeschoven naar; verlenging tot; uitstel tot; vervroegd naar; vervroegd tot; verlengd; met verlenging tot; met uitstel tot; herzien; bijgesteld tot; verlengd t/m; nieuwe termijn; verlaat tot; opgeschoven tot; verlaat naar; verdaagd; doorgeschoven naar; opnieuw vastgesteld op; nieuwe streefdatum; nieuwe einddatum; verschoven; uitgesteld; vervroegd; huidige deadline; thans; momenteel; intussen; is nu; ondertussen | prolonge jusque; prolonge jusqu; prolongee jusqu; prolonge jusqu'a; prolonge jusqu'au; prolonge jusqu'en; prolongee jusqu'au; prolongee jusqu'en; prolongee jusqu'a; reporte a; reporte au; reportee a; reportee au; reporte en; reportee en; reporte jusqu; reporte jusqu'au; reporte jusqu'en; deplace a; deplace au; deplace en; decale a; decale au; decale en; revu a; revu au; postpose a; postpose au; postpose en; postposee au; prolongation jusqu; prolongation jusqu'au; prolongation jusqu'en; report a; report au; report en; avance a; avance au; avance en; nouvelle date; nouvelle echeance; modifie en; etendu jusqu; etendu jusqu'au; etendu jusqu'en; devient; repousse a; repousse au; repousse en; prolonge; reporte; ajourne au; ajourne a; nouveau delai; repoussee a; repoussee au; repoussee en; repousse jusqu'en; repousse jusqu'au; deplacee au; deplacee en; prolonge au; prolonge a; prolonge en; maintenant; recule a; recule au; recule en; nouvelle date limite; echeance actuelle; desormais; actuellement; a present; prolongee; reportee; avancee au; avancee a; avancee en; remis a; remis au; remise au; remise a; decalee a; decalee au; decalee en; reportes au; prorogé jusqu'au; proroge jusqu; proroge jusqu'en; prorogee jusqu; prorogee jusqu'au; proroge au; proroge a; proroge; etendu a; etendu au; prolongation a; recule jusqu'en; modifie au; remplace par; remplacee par; corrige en; adapte a; adapte au; revu en; revue a; revue au; revue en; revise a; revise au; revise en; avance; deplace; decale; repousse; ajourne; postpose
formerly | | oorspronkelijk; aanvankelijk; eerder; voorheen; vroeger; in plaats van; i.p.v.; i.p.v; ipv; initieel; was; verlenging van; eerst; uitgesteld van; verschoven van; vervangt; origineel; voordien; oorspronkelijke datum; oorspronkelijke deadline; eerst gepland in; eerst gepland op; eerst gepland voor; aanvankelijk gepland in; oorspronkelijk gepland in; oorspronkelijk gepland op; oorspronkelijk gepland voor; oorspronkelijk voorzien in; oorspronkelijk voorzien voor; aanvankelijk voorzien in; aanvankelijk voorzien voor; initieel gepland in; initieel voorzien voor; initieel voorzien in; eerdere datum; vorige deadline; vorige datum; voorheen gepland in; in de plaats van; vroegere datum; eerste datum; vorige termijn; oorspronkelijke termijn; oude deadline; oude datum | initialement; auparavant; precedemment; au lieu de; au lieu du; a l'origine; anciennement; remplace; etait; d'abord; date initiale; echeance initiale; avant cela; originellement; initialement prevu en; initialement prevu le; initialement prevue en; initialement prevu pour; initialement fixe a; initialement fixe au; prevu initialement en; precedente echeance; reporte de; prevu initialement le; prevu initialement pour; prevue initialement en; a l'origine prevu en; a l'origine prevu pour; a l'origine en; initialement en; initialement le; initialement pour; initialement au; anciennement prevu en; ancienne echeance; ancienne date; en lieu et place de; en remplacement de; date precedente; date d'origine; echeance d'origine; delai initial; calendrier initial; jadis
phase | | fase; stap; mijlpaal; luik; deel; tranche; schijf; ronde; lot; etappe; niveau; versie; stadium; deelfase; deelproject; deelopdracht; projectfase; deliverable; milestone | phase; etape; jalon; volet; partie; tranche; tour; lot; niveau; version; stade; palier; sous projet; livrable; milestone
percent | | percent; procent; pct | pour cent; pourcent; pct
filler | | voorzien; gepland; eenmalig; geraamd; vastgelegd; bepaald; zijnde; telkens; ervan; wel; reeds; beoogd; verwacht; of eerder; of vroeger; afgewerkt tegen; nog; indien mogelijk eerder; daaropvolgend; uitgevoerd tegen; realisatie; afronding; voltooiing; uitvoering; afwerking; in elk geval; in ieder geval; alleszins; vaker; frequenter; hoe dan ook; sowieso; het liefst; bij voorkeur; liefst; indien nodig vroeger; en dit; zo mogelijk; indien mogelijk vroeger; zo mogelijk vroeger; zo mogelijk eerder; bij voorkeur eerder; bij voorkeur vroeger; of nog vroeger | prevu; prevue; planifie; planifiee; une seule fois; estime; fixe; fixee; soit; bien; deja; attendu; attendue; encore; realisation; finalisation; achevement; cloture; execution; ou plus tot; si possible plus tot; en tout cas; en tout etat de cause; plus souvent; plus frequemment; de preference; quoi qu'il en soit; idealement; et cela; de preference plus tot; voire plus tot; ou plus tot si possible; et si possible plus tot
`

// sense is one meaning of a form.
type sense struct {
	sym symbol
	val string
}

// word is one node of a language's tree of forms, keyed by folded word.
type word struct {
	senses []sense
	next   map[string]*word
}

// forms are planted at the first reading: a start does not wait for them.
var forms = sync.OnceValue(func() map[bilingual.Lang]*word {
	return map[bilingual.Lang]*word{bilingual.NL: plant(2), bilingual.FR: plant(3)}
})

// plant grows one language's tree from its column of the table.
func plant(column int) *word {
	root := &word{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 4 {
			continue
		}
		meaning := sense{symbol(strings.TrimSpace(cells[0])), strings.TrimSpace(cells[1])}
		for form := range strings.SplitSeq(cells[column], ";") {
			root.add(form, meaning)
		}
	}
	return root
}

// add hangs one form in the tree; a form may have several meanings.
func (w *word) add(form string, meaning sense) {
	tokens := lex(form)
	if len(tokens) == 0 {
		return
	}
	w.hang(tokens, meaning)
	for i, t := range tokens { // "dès que", also typed without its accent
		if t.norm == "des" && (meaning.sym == "assoon" || meaning.sym == "asap" || meaning.sym == "need") {
			tokens[i].norm = "dès"
			w.hang(tokens, meaning)
			tokens[i].norm = "des"
		}
	}
	last := &tokens[len(tokens)-1]
	for _, variant := range contractions[last.norm] {
		if len(tokens) > 1 {
			last.norm = variant
			w.hang(tokens, meaning)
		}
	}
}

// contractions are the forms that the last word of a French idiom takes before
// what follows: à l'issue de, du, des, d'. No Dutch idiom ends in these, except
// in "de", where the French forms do no harm.
var contractions = map[string][]string{"de": {"du", "des", "d"}, "a": {"au", "aux"}, "que": {"qu"}}

// hang adds a meaning at the end of a path, once.
func (w *word) hang(tokens []token, meaning sense) {
	for _, t := range tokens {
		if w.next == nil {
			w.next = map[string]*word{}
		}
		if w.next[t.norm] == nil {
			w.next[t.norm] = &word{}
		}
		w = w.next[t.norm]
	}
	if !slices.Contains(w.senses, meaning) {
		w.senses = append(w.senses, meaning)
	}
}

// longest gives the meanings of the longest form that starts the tokens, and
// how many tokens it takes; 0 for none.
func (w *word) longest(tokens []token) (senses []sense, n int) {
	for i, t := range tokens {
		child := w.next[t.norm]
		if child == nil && t.norm == "dès" {
			child = w.next["des"]
		}
		if w = child; w == nil {
			break
		}
		if w.senses != nil {
			senses, n = w.senses, i+1
		}
	}
	return senses, n
}
