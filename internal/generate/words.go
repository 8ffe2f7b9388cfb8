package generate

import (
	"math/rand/v2"
	"strings"

	"jalon/internal/bilingual"
)

// pair is the same fragment in both languages.
type pair struct{ nl, fr string }

var (
	actions = []pair{
		{"De kwaliteit verhogen van", "Améliorer la qualité"},
		{"Een meerjarenplan opstellen en uitvoeren voor", "Élaborer et mettre en œuvre un plan pluriannuel"},
		{"De doorlooptijd verkorten van", "Réduire les délais"},
		{"De toegankelijkheid verzekeren van", "Garantir l’accessibilité"},
		{"Op regelmatige tijdstippen verslag uitbrengen over de stand van zaken van", "Faire régulièrement rapport sur l’état d’avancement"},
		{"De samenwerking met de betrokken partners versterken in het kader van", "Renforcer la collaboration avec les partenaires concernés dans le cadre"},
		{"De indicatoren van het scorebord opvolgen en bijsturen voor", "Suivre et adapter les indicateurs du tableau de bord"},
		{"Een evaluatie uitvoeren, en de aanbevelingen ervan toepassen, van", "Réaliser une évaluation, et en appliquer les recommandations,"},
	}
	matters = []pair{
		{"de dienstverlening aan de burgers en de ondernemingen van het Gewest", "du service aux citoyens et aux entreprises de la Région"},
		{"de digitale aanvraag van vergunningen en premies", "de la demande numérique de permis et de primes"},
		{"het onthaal en de oriëntatie van nieuwe gebruikers", "de l’accueil et de l’orientation des nouveaux usagers"},
		{"de energieprestatie van de gebouwen in beheer", "de la performance énergétique des bâtiments en gestion"},
		{"de behandeling van klachten en beroepen", "du traitement des plaintes et des recours"},
		{"het welzijn, de opleiding en de mobiliteit van het personeel", "du bien-être, de la formation et de la mobilité du personnel"},
		{"de interne beheersing en het risicobeheer", "de la maîtrise interne et de la gestion des risques"},
		{"de administratieve vereenvoudiging en de gegevensdeling tussen besturen", "de la simplification administrative et du partage de données entre administrations"},
	}
	conditions = []pair{
		{"in overleg met de bevoegde minister", "en concertation avec le ministre compétent"},
		{"met aandacht voor gelijke kansen en diversiteit", "en veillant à l’égalité des chances et à la diversité"},
		{"binnen de beschikbare kredieten van de begroting", "dans les limites des crédits disponibles au budget"},
		{"overeenkomstig de verbintenissen van het beheerscontract", "conformément aux engagements du contrat de gestion"},
		{"op basis van een jaarlijkse bevraging van de gebruikers", "sur la base d’une enquête annuelle auprès des usagers"},
		{"en de resultaten voorleggen aan de Directieraad", "et soumettre les résultats au Conseil de direction"},
	}
	phrases = []pair{
		{"doorlopend", "en continu"},
		{"doorlopend", "en continu"},
		{"doorlopend vanaf maart 2025", "en continu à partir de mars 2025"},
		{"december 2025", "décembre 2025"},
		{"juni 2026", "juin 2026"},
		{"december 2026", "décembre 2026"},
		{"juni 2027", "juin 2027"},
		{"2028", "2028"},
		{"ten minste twee keer per jaar", "au moins deux fois par an"},
		{"einde mandaat", "fin du mandat"},
	}
	done = []pair{
		{"Het plan van aanpak is goedgekeurd en de eerste drie acties zijn uitgevoerd.", "Le plan d’action est approuvé et les trois premières actions sont réalisées."},
		{"De werkgroep kwam vier keer samen; de nota met aanbevelingen is voorgelegd aan de Directieraad.", "Le groupe de travail s’est réuni à quatre reprises ; la note de recommandations a été soumise au Conseil de direction."},
		{"De gemiddelde doorlooptijd daalde ten opzichte van het vorige halfjaar en de achterstand is weggewerkt.", "Le délai moyen a diminué par rapport au semestre précédent et l’arriéré est résorbé."},
		{"De nieuwe toepassing is in gebruik genomen in twee van de vijf diensten, met een opleiding voor alle medewerkers.", "La nouvelle application est en service dans deux des cinq services, avec une formation pour tout le personnel."},
		{"De bevraging van de gebruikers is afgerond; de tevredenheid blijft stabiel.", "L’enquête auprès des usagers est clôturée ; la satisfaction reste stable."},
	}
	hindrances = []pair{
		{"Twee betrekkingen bleven vacant, waardoor het dossier vertraging opliep.", "Deux emplois sont restés vacants, ce qui a retardé le dossier."},
		{"De gegevens van de partners kwamen later binnen dan afgesproken.", "Les données des partenaires sont arrivées plus tard que convenu."},
		{"Het advies van de Inspectie van Financiën wordt nog afgewacht.", "L’avis de l’Inspection des finances est encore attendu."},
	}
	steps = []pair{
		{"De conclusies bespreken met het team en de planning aanpassen.", "Discuter des conclusions avec l’équipe et adapter le planning."},
		{"De overheidsopdracht publiceren en de offertes vergelijken.", "Publier le marché public et comparer les offres."},
		{"De tweede fase voorbereiden met de partners.", "Préparer la deuxième phase avec les partenaires."},
	}
	services = []pair{
		{"Onthaal en oriëntatie", "Accueil et orientation"},
		{"Vergunningen", "Permis"},
		{"Financiën en begroting", "Finances et budget"},
		{"Human resources", "Ressources humaines"},
		{"Gebouwen en energie", "Bâtiments et énergie"},
		{"Digitale diensten", "Services numériques"},
		{"Juridische zaken", "Affaires juridiques"},
		{"Communicatie", "Communication"},
		{"Controle en audit", "Contrôle et audit"},
		{"Mobiliteit", "Mobilité"},
		{"Partnerschappen", "Partenariats"},
		{"Studies en statistiek", "Études et statistiques"},
	}
	given = []string{"Anna", "Bilal", "Charlotte", "David", "Elif", "Frederik", "Gaëlle", "Hassan", "Inès", "Jeroen", "Karima", "Louis", "Marie", "Nabil", "Olivia", "Pieter"}
	last  = []string{"Voorbeeld", "Exemple", "Proefmodel", "Specimen", "Toonbeeld", "Modèle", "Staal", "Essai", "Steekproef", "Témoin", "Proefdruk", "Échantillon"}
)

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// join makes one text of fragments.
func join(parts ...pair) bilingual.Text {
	var nl, fr []string
	for _, p := range parts {
		nl, fr = append(nl, p.nl), append(fr, p.fr)
	}
	return bilingual.New(bilingual.NL, strings.Join(nl, " ")).With(bilingual.FR, strings.Join(fr, " "), bilingual.Working)
}

// sentence is a duty as letters put it, of some 100 to 250 characters.
func sentence(r *rand.Rand, conditionsToo int) bilingual.Text {
	parts := []pair{pick(r, actions), pick(r, matters)}
	for range conditionsToo {
		c := pick(r, conditions)
		parts[len(parts)-1].nl += ","
		parts[len(parts)-1].fr += ","
		parts = append(parts, c)
	}
	parts[len(parts)-1].nl += "."
	parts[len(parts)-1].fr += "."
	return join(parts...)
}

func (p pair) in(lang bilingual.Lang) string {
	if lang == bilingual.FR {
		return p.fr
	}
	return p.nl
}
