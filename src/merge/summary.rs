//! One line for an event, like a wire's headline, built from its fields by the wording of its type.

use super::actor::{SAME, alike};
use super::toll::{Toll, counts, tolls};
use super::wording::{Slots, fill, is_plural, lacks, list, name, names, optional_parts};
use crate::lexicon::ontology::{Counted, EventType, Headline, Verb};
use crate::model::{Actor, ActorKind, Event, QuantityRole, Status, TimePrecision};

/// Characters of a summary at most.
const LONGEST: usize = 240;

/// The line for an event; `claimant` is who stands behind it where the reporters do not.
pub(super) fn summarise(
    event: &Event,
    event_type: Option<&EventType>,
    claimant: Option<&Actor>,
) -> String {
    let line = match event_type {
        Some(event_type) => Line::new(event, event_type, claimant).write(),
        None => event.event_type.clone(),
    };
    let line = capitalised(line.trim());
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line,
    }
}

/// What a line is made of.
struct Line<'a> {
    event: &'a Event,
    headline: &'a Headline,
    claimant: Option<&'a Actor>,
    /// Those who do it.
    subject: Vec<String>,
    /// Their verb stands in the plural.
    many: bool,
    slots: Slots,
    /// The wording for a number that is known.
    counted: Option<&'a Counted>,
    /// The verb for when nobody and nothing is known that it needs.
    bare: Option<&'a Verb>,
    /// The status where the verb does not say it by itself.
    status: Status,
}

impl<'a> Line<'a> {
    fn new(event: &'a Event, event_type: &'a EventType, claimant: Option<&'a Actor>) -> Self {
        let headline = &event_type.headline;
        let doers = if event.initiators.is_empty() {
            &event.participants
        } else {
            &event.initiators
        };
        let counted = headline.counted.iter().find(|c| {
            event
                .quantities
                .iter()
                .any(|q| q.role == c.role && q.value > 0.0)
        });
        let slots = Slots {
            targets: list(&names(&event.targets)),
            place: event
                .location
                .as_ref()
                .map(|l| super::wording::short(&l.name))
                .unwrap_or_default(),
            count: counted.map(|c| counts(event, c.role)).unwrap_or_default(),
        };
        // An act of speech happens in the saying; what is claimed is its content.
        let spoken = event_type.speech && event.status == Status::Claimed;
        let status = if spoken || headline.inherent == Some(event.status) {
            Status::Occurred
        } else {
            event.status
        };
        let subject = names(doers);
        let bare = headline
            .bare
            .as_ref()
            .filter(|_| counted.is_none() && lacks(&headline.object, &slots, &list(&subject)));
        Self {
            event,
            headline,
            claimant: claimant.filter(|_| !spoken),
            many: subject.len() > 1 || doers.first().is_some_and(is_plural),
            subject,
            slots,
            counted,
            bare,
            status,
        }
    }

    fn write(&self) -> String {
        let toll_alone = self
            .headline
            .toll
            .as_deref()
            .filter(|_| self.subject.is_empty());
        let mut line = match toll_alone {
            Some(tail) if !tolls(self.event).is_empty() => self.toll_clause(tail),
            _ if self.subject.is_empty() => self.noun_clause(),
            _ => self.verb_clause(),
        };
        line.push_str(&self.intercepted());
        if let Some(claimant) = self.claimant_apart() {
            let plural = claimant.kind == ActorKind::Population || is_plural(claimant);
            let says = if plural { "say" } else { "says" };
            line.push_str(&format!(", {} {says}", name(claimant)));
        }
        line
    }

    /// "Russia launched 49 drones at Ukraine, killing 3".
    fn verb_clause(&self) -> String {
        let subject = list(&self.subject);
        let many = self.many;
        let verb = self.verb();
        let (be, denies, threatens, says) = if many {
            ("are", "deny", "threaten", "say")
        } else {
            ("is", "denies", "threatens", "says")
        };
        let mut line = match self.status {
            Status::Hypothetical => {
                format!("{subject} may {}", verb.base)
            }
            Status::Claimed if self.claims_own_act() => {
                format!(
                    "{subject} {says} {} {}",
                    if many { "they" } else { "it" },
                    verb.past
                )
            }
            Status::Ongoing => format!("{subject} {be} {}", verb.gerund),
            Status::Planned => format!("{subject} to {}", verb.base),
            Status::Denied if self.claimant_apart().is_none() => {
                format!("{subject} {denies} {}", verb.gerund)
            }
            Status::Threatened => format!("{subject} {threatens} to {}", verb.base),
            _ if many => format!("{subject} {}", verb.base),
            _ => format!("{subject} {}", verb.finite),
        };
        fill(&mut line, &self.object(), &self.slots);
        line.push_str(&self.date());
        if self.status == Status::Denied && self.claimant_apart().is_some() {
            line.push_str(" (denied)");
        }
        let consequences = self.tolls_not_told();
        if !consequences.is_empty() {
            let parts: Vec<String> = consequences
                .iter()
                .map(|t| format!("{} {}", t.gerund, t.count))
                .collect();
            line.push_str(&format!(", {}", list(&parts)));
        }
        line
    }

    /// "Air strike on Nabatieh kills 5", "Summit in Ankara planned for 5 May".
    fn noun_clause(&self) -> String {
        let mut line = String::new();
        if self.status == Status::Hypothetical {
            line.push_str("possible ");
        }
        match self.counted {
            // Without a doer the number leads: "32 drones shot down".
            Some(c) if !c.verb.base.is_empty() => {
                line.push_str(&format!("{} {}", self.slots.count, participle(&c.verb)))
            }
            _ => fill(&mut line, &self.headline.noun, &self.slots),
        }
        if self.counted.is_some() {
            let tail = self.object().replace(" {count}", "");
            fill(&mut line, &tail, &self.slots);
        }
        let consequences = self.tolls_not_told();
        let ending = match self.status {
            Status::Ongoing => " under way",
            Status::Planned => " planned",
            Status::Denied => " denied",
            Status::Threatened => " threatened",
            _ if !consequences.is_empty() || self.counted.is_some() => "",
            Status::Occurred | Status::Claimed => " reported",
            Status::Hypothetical => "",
        };
        line.push_str(ending);
        line.push_str(&self.date());
        if !consequences.is_empty() {
            let lead = if ending.is_empty() && self.counted.is_none() {
                " "
            } else {
                ", "
            };
            let form = |t: &Toll| if lead == " " { t.finite } else { t.gerund };
            let parts: Vec<String> = consequences
                .iter()
                .map(|t| format!("{} {}", form(t), t.count))
                .collect();
            line.push_str(&format!("{lead}{}", list(&parts)));
        }
        line
    }

    /// "5 killed and 12 wounded in Nabatieh".
    fn toll_clause(&self, tail: &str) -> String {
        let parts: Vec<String> = tolls(self.event)
            .iter()
            .map(|t| format!("{} {}", t.count, t.past))
            .collect();
        let mut line = list(&parts);
        fill(&mut line, tail, &self.slots);
        line
    }

    /// "; 32 drones and 2 missiles intercepted", where the line is about what was launched.
    fn intercepted(&self) -> String {
        let about_launch = self
            .counted
            .is_some_and(|c| c.role == QuantityRole::Launched);
        let counts = counts(self.event, QuantityRole::Intercepted);
        if about_launch && !counts.is_empty() {
            format!("; {counts} intercepted")
        } else {
            String::new()
        }
    }

    fn verb(&self) -> &'a Verb {
        let one_side = self.subject.len() < 2 && !self.event.participants.is_empty();
        let (verb, alone) = match self.counted {
            Some(c) => (&c.verb, &c.alone),
            None => (
                self.bare.unwrap_or(&self.headline.verb),
                &self.headline.alone,
            ),
        };
        alone.as_ref().filter(|_| one_side).unwrap_or(verb)
    }

    fn object(&self) -> String {
        match (self.counted, self.bare) {
            (Some(c), _) => c.object.clone(),
            (None, Some(_)) => optional_parts(&self.headline.object),
            (None, None) => self.headline.object.clone(),
        }
    }

    /// " on 5 May", for what is still to come.
    fn date(&self) -> String {
        let time = self
            .event
            .time
            .as_ref()
            .filter(|_| self.event.status == Status::Planned);
        let fine = |p: TimePrecision| {
            matches!(
                p,
                TimePrecision::Day | TimePrecision::PartOfDay | TimePrecision::Hour
            )
        };
        match time {
            Some(time) if fine(time.precision) => {
                format!(
                    " on {}",
                    jiff::tz::Offset::UTC
                        .to_datetime(time.start)
                        .date()
                        .strftime("%-d %B")
                )
            }
            _ => String::new(),
        }
    }

    /// The dead and wounded, unless the verb or the number has told them.
    fn tolls_not_told(&self) -> Vec<Toll> {
        let told = |role: QuantityRole| {
            self.headline.inherent_toll && role == QuantityRole::Killed
                || self.counted.is_some_and(|c| c.role == role)
        };
        // Of what has not happened there is no toll.
        let open = matches!(
            self.status,
            Status::Planned | Status::Threatened | Status::Hypothetical | Status::Denied
        );
        tolls(self.event)
            .into_iter()
            .filter(|t| !open && !told(t.role))
            .collect()
    }

    /// The initiator itself is the one who says so. A person is left to "…, Name says", as nobody knows he from she.
    fn claims_own_act(&self) -> bool {
        let doers = if self.event.initiators.is_empty() {
            &self.event.participants
        } else {
            &self.event.initiators
        };
        let persons = doers.iter().any(|d| d.kind == ActorKind::Person);
        self.claimant
            .is_some_and(|c| !persons && doers.iter().any(|d| alike(c, d) >= SAME))
    }

    /// The claimant, where it is not the doer whose own words or act this is.
    fn claimant_apart(&self) -> Option<&'a Actor> {
        let doers = if self.event.initiators.is_empty() {
            &self.event.participants
        } else {
            &self.event.initiators
        };
        self.claimant
            .filter(|c| !name(c).is_empty() && !doers.iter().any(|d| alike(c, d) >= SAME))
    }
}

/// "shot down", from a verb whose past form and participle are one in all wordings for numbers.
fn participle(verb: &Verb) -> &str {
    if verb.past == "gave" {
        "given"
    } else {
        &verb.past
    }
}

fn capitalised(line: &str) -> String {
    let mut chars = line.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
