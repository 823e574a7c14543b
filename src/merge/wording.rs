//! Pieces of a headline: lists, numbers, units, and phrases with slots.

use crate::model::{Actor, ActorKind, Approximation, Quantity};

/// Names listed before "and 2 others".
const NAMED: usize = 3;
/// Characters of one name at most.
const NAME_LENGTH: usize = 60;

/// Values for the slots of a phrase; empty ones are not known.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots {
    pub(super) targets: String,
    pub(super) place: String,
    pub(super) count: String,
}

impl Slots {
    /// The first known value of `targets|place`; a value that `line` has told already counts as unknown.
    fn value(&self, slot: &str, line: &str) -> Option<&str> {
        slot.split('|')
            .map(|name| match name {
                "targets" => self.targets.as_str(),
                "place" => self.place.as_str(),
                _ => self.count.as_str(),
            })
            .find(|value| !value.is_empty() && !tells(line, value))
    }
}

/// Appends `phrase` to `line` with its slots filled. A part in brackets is left out if a slot in it is not known; outside
/// brackets an unknown slot leaves nothing behind.
pub(super) fn fill(line: &mut String, phrase: &str, slots: &Slots) {
    let mut rest = phrase;
    while !rest.is_empty() {
        let (part, optional, after) = match rest.find('[') {
            Some(0) => {
                let end = rest.find(']').unwrap_or(rest.len());
                (&rest[1..end], true, rest.get(end + 1..).unwrap_or(""))
            }
            Some(at) => (&rest[..at], false, &rest[at..]),
            None => (rest, false, ""),
        };
        let mut filled = String::new();
        let complete = fill_part(&mut filled, part, slots, line);
        if complete || !optional {
            line.push_str(&filled);
        }
        rest = after;
    }
}

/// True if a slot outside of brackets has no value.
pub(super) fn lacks(phrase: &str, slots: &Slots, line: &str) -> bool {
    let mut required = String::new();
    for (i, part) in phrase.split(['[', ']']).enumerate() {
        // Brackets are flat: every other part stands inside of them.
        if i % 2 == 0 {
            required.push_str(part);
        }
    }
    !fill_part(&mut String::new(), &required, slots, line)
}

/// The parts of a phrase in brackets.
pub(super) fn optional_parts(phrase: &str) -> String {
    let inside = |(i, part): (usize, &str)| (i % 2 == 1).then(|| format!("[{part}]"));
    phrase
        .split(['[', ']'])
        .enumerate()
        .filter_map(inside)
        .collect()
}

/// True if a headline's verb after this name stands in the plural: "fighters", "armed forces". A state or an organisation
/// of states is one, however many it unites.
pub(super) fn is_plural(actor: &Actor) -> bool {
    if matches!(
        actor.kind,
        ActorKind::State | ActorKind::Igo | ActorKind::Person
    ) {
        return actor.kind == ActorKind::Person && actor.id.is_empty() && ends_plural(&actor.name);
    }
    ends_plural(&name(actor))
}

fn ends_plural(name: &str) -> bool {
    let head = name.split(" of ").next().unwrap_or(name);
    let last = head.rsplit(' ').next().unwrap_or(head).to_lowercase();
    matches!(
        last.as_str(),
        "people" | "police" | "men" | "women" | "troops"
    ) || last.len() > 3
        && last.ends_with('s')
        && !["ss", "us", "is", "as", "'s", "’s"]
            .iter()
            .any(|e| last.ends_with(e))
}

/// False if a slot stayed empty.
fn fill_part(out: &mut String, part: &str, slots: &Slots, line: &str) -> bool {
    let mut complete = true;
    let mut rest = part;
    while let Some(open) = rest.find('{') {
        let close = rest[open..].find('}').map_or(rest.len(), |at| open + at);
        match slots.value(&rest[open + 1..close], line) {
            Some(value) => {
                out.push_str(&rest[..open]);
                out.push_str(value);
            }
            None => {
                out.push_str(rest[..open].trim_end());
                complete = false;
            }
        }
        rest = rest.get(close + 1..).unwrap_or("");
    }
    out.push_str(rest);
    complete
}

/// True if `line` has the words of `value`, whole.
fn tells(line: &str, value: &str) -> bool {
    let boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
    line.match_indices(value).any(|(at, _)| {
        boundary(line[..at].chars().next_back())
            && boundary(line[at + value.len()..].chars().next())
    })
}

/// "A", "A and B", "A, B and C", "A, B, C and 2 others".
pub(super) fn list<S: AsRef<str>>(items: &[S]) -> String {
    let shown = if items.len() > NAMED + 1 {
        NAMED
    } else {
        items.len()
    };
    let mut names: Vec<String> = items[..shown]
        .iter()
        .map(|s| s.as_ref().to_owned())
        .collect();
    if shown < items.len() {
        names.push(format!("{} others", items.len() - shown));
    }
    match names.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// How a headline calls an actor; empty where nothing is known.
pub(super) fn name(actor: &Actor) -> String {
    let name = [&actor.name, &actor.surface, &actor.id]
        .into_iter()
        .find(|n| !n.is_empty());
    short(name.map_or("", String::as_str))
}

/// The names of actors, each once.
pub(super) fn names(actors: &[Actor]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in actors.iter().map(name).filter(|n| !n.is_empty()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// At most [`NAME_LENGTH`] characters of a name, on one line.
pub(super) fn short(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.char_indices().nth(NAME_LENGTH) {
        Some((at, _)) => format!("{}…", name[..at].trim_end()),
        None => name,
    }
}

/// "49 drones", "at least 5 people", "30 to 35 missiles", "2.5 billion euros".
pub(super) fn counted(quantity: &Quantity) -> String {
    let number = number(quantity);
    if quantity.unit.is_empty() {
        return number;
    }
    let single = quantity.value == 1.0 && quantity.max_value.is_none();
    let unit = if single {
        short(&quantity.unit)
    } else {
        plural(&short(&quantity.unit))
    };
    format!("{number} {unit}")
}

/// "49", "at least 5", "30 to 35".
pub(super) fn number(quantity: &Quantity) -> String {
    let prefix = match quantity.approximation {
        Approximation::Exact => "",
        Approximation::AtLeast => "at least ",
        Approximation::About => "about ",
        Approximation::AtMost => "up to ",
    };
    match quantity.max_value.filter(|max| *max > quantity.value) {
        Some(max) => format!("{prefix}{} to {}", digits(quantity.value), digits(max)),
        None => format!("{prefix}{}", digits(quantity.value)),
    }
}

fn digits(value: f64) -> String {
    for (size, word) in [(1e12, "trillion"), (1e9, "billion"), (1e6, "million")] {
        if value.abs() >= size {
            return format!("{} {word}", (value / size * 100.0).round() / 100.0);
        }
    }
    let whole = value.trunc().abs() as u64;
    let mut text = whole.to_string();
    let mut at = text.len();
    while at > 3 {
        at -= 3;
        text.insert(at, ',');
    }
    let rest = ((value.abs().fract()) * 100.0).round() as u64;
    if (1..100).contains(&rest) {
        text.push_str(format!(".{rest:02}").trim_end_matches('0'));
    }
    if value < 0.0 {
        format!("-{text}")
    } else {
        text
    }
}

/// The plural of a unit's last word.
fn plural(unit: &str) -> String {
    let (before, last) = unit.rsplit_once(' ').map_or(("", unit), |(b, l)| (b, l));
    let word = match last {
        "person" => "people".to_owned(),
        "man" | "woman" | "serviceman" | "policeman" | "fisherman" => last.replace("man", "men"),
        "child" => "children".to_owned(),
        "aircraft" | "personnel" | "people" | "troops" | "police" | "percent" => last.to_owned(),
        _ if last.ends_with('s') && !last.ends_with("ss") => last.to_owned(),
        _ if last.ends_with(['x', 'z']) || ["ss", "sh", "ch"].iter().any(|e| last.ends_with(e)) => {
            format!("{last}es")
        }
        _ if last.ends_with('y') && !["ay", "ey", "oy", "uy"].iter().any(|e| last.ends_with(e)) => {
            format!("{}ies", &last[..last.len() - 1])
        }
        _ => format!("{last}s"),
    };
    if before.is_empty() {
        word
    } else {
        format!("{before} {word}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_drop_what_is_not_known_or_told_already() {
        let slots = Slots {
            targets: "Ukraine".into(),
            place: "Kyiv".into(),
            count: String::new(),
        };
        let line = |start: &str, phrase: &str, slots: &Slots| {
            let mut line = start.to_owned();
            fill(&mut line, phrase, slots);
            line
        };
        assert_eq!(
            line("Russia strikes", " {targets|place}[ in {place}]", &slots),
            "Russia strikes Ukraine in Kyiv"
        );
        let only_place = Slots {
            targets: String::new(),
            ..slots.clone()
        };
        assert_eq!(
            line(
                "Russia strikes",
                " {targets|place}[ in {place}]",
                &only_place
            ),
            "Russia strikes Kyiv"
        );
        assert_eq!(
            line("Ukraine acts", "[ in {targets}]", &slots),
            "Ukraine acts"
        );
        assert_eq!(
            line("Iran condemns", " {targets}", &Slots::default()),
            "Iran condemns"
        );
    }

    #[test]
    fn numbers_and_units() {
        let of = |value: f64, unit: &str| {
            counted(&Quantity {
                value,
                unit: unit.into(),
                ..Quantity::default()
            })
        };
        assert_eq!(of(49.0, "attack drone"), "49 attack drones");
        assert_eq!(of(1.0, "person"), "1 person");
        assert_eq!(of(12_500.0, "person"), "12,500 people");
        assert_eq!(of(2.5e9, "euro"), "2.5 billion euros");
        assert_eq!(of(1.5, "ferry"), "1.5 ferries");
        assert_eq!(list(&["A", "B", "C", "D", "E"]), "A, B, C and 2 others");
        assert_eq!(list(&["A", "B"]), "A and B");
        let range = Quantity {
            value: 30.0,
            max_value: Some(35.0),
            approximation: Approximation::About,
            ..Quantity::default()
        };
        assert_eq!(number(&range), "about 30 to 35");
    }
}
