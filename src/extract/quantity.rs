//! What the numbers of a sentence count: launched, intercepted, killed ... from the words that govern them.

mod wording;

use super::{
    number::{self, NumberKind, NumberMention},
    scene::Scene,
    trigger::verb_lemma,
};
use crate::linguistics::{Deprel, Rel, Upos};
use crate::model::{Approximation, Quantity, QuantityRole};

/// A number with its role, and where it hangs.
#[derive(Debug, Clone, PartialEq)]
pub struct Counted {
    pub quantity: Quantity,
    /// The counted noun, or the number itself.
    pub head: usize,
    /// The verb or noun that gives the role; the head itself where none does.
    pub governor: usize,
}

/// Every counted thing of a sentence, in text order.
pub fn find(scene: &Scene, sentence: std::ops::Range<usize>) -> Vec<Counted> {
    let mut out = Vec::new();
    let mut numbers = Vec::new();
    for mention in scene
        .numbers
        .iter()
        .filter(|n| sentence.contains(&n.tokens.start))
    {
        if !matches!(mention.kind, NumberKind::Count | NumberKind::Money) {
            continue;
        }
        if let Some(one) = counted(scene, mention) {
            out.push(one);
            numbers.push(mention.tokens.clone());
        }
    }
    wording::inherit(scene, &mut out, &numbers);
    // A single thing without a number counts as one, where it is shot down, fired or captured.
    for token in sentence {
        let weapon = scene.word_class(token, "weapon") || scene.word_class(token, "vessel");
        let counts = weapon
            || scene.word_class(token, "human")
            || scene.word_class(token, "fighter")
            || is_aircraft_name(scene, token);
        // "A Su-22 jet": the name only describes.
        let describes = matches!(
            scene.doc.tokens.deprel[token],
            Deprel::Compound | Deprel::Flat | Deprel::Amod | Deprel::Nummod | Deprel::NmodDesc
        );
        if matches!(scene.doc.tokens.upos[token], Upos::Noun | Upos::Propn)
            && counts
            && !describes
            && !out.iter().any(|c| c.head == token)
            && let Some(mention) = number::single(&scene.doc, token)
            && let Some(one) = counted(scene, &mention)
            && match one.quantity.role {
                // "A MiG-23 is shot down": what is shot down flew, whatever it is called.
                QuantityRole::Intercepted => weapon || is_aircraft_name(scene, token),
                // Fired, not only landed: "a shell hit a house" says not how many were.
                QuantityRole::Launched => weapon && is_fired(scene, token),
                QuantityRole::Captured | QuantityRole::Killed => {
                    !weapon && scene.doc.tokens.upos[token] == Upos::Noun
                }
                _ => false,
            }
        {
            out.push(one);
        }
    }
    out.sort_by_key(|c| c.head);
    out
}

fn counted(scene: &Scene, mention: &NumberMention) -> Option<Counted> {
    let head = mention.head.unwrap_or(mention.tokens.end - 1);
    let (role, governor) = if mention.kind == NumberKind::Money {
        (QuantityRole::Amount, head)
    } else {
        match role(scene, head, mention.tokens.end - 1) {
            (QuantityRole::Other, _) => wording::role(scene, mention.tokens.clone(), head)
                .unwrap_or((QuantityRole::Other, head)),
            told => told,
        }
    };
    // People die; machines are destroyed.
    let thing = scene.word_class(head, "weapon")
        || scene.word_class(head, "facility") && !scene.word_class(head, "human");
    let role = match role {
        QuantityRole::Killed | QuantityRole::Wounded if thing => QuantityRole::Hit,
        other => other,
    };
    let quantity = Quantity {
        value: mention.value,
        max_value: mention.max_value,
        approximation: mention.approximation,
        unit: if mention.unit.is_empty() {
            unit_of(role).to_owned()
        } else {
            mention.unit.clone()
        },
        role,
        of: scene
            .owner(head)
            .and_then(|m| m.actors.first())
            .map(|a| {
                if a.id.is_empty() {
                    a.name.clone()
                } else {
                    a.id.clone()
                }
            })
            .unwrap_or_default(),
        span: scene.span(mention.tokens.clone()),
    };
    Some(Counted {
        quantity,
        head,
        governor,
    })
}

/// "MiG-23", "F-15": a name with a number that no list holds.
fn is_aircraft_name(scene: &Scene, token: usize) -> bool {
    let form = scene.doc.form(token);
    let digits = |t: usize| scene.doc.form(t).chars().all(|c| c.is_ascii_digit());
    let number_behind = scene.sentence(token).contains(&(token + 2))
        && scene.doc.form(token + 1) == "-"
        && digits(token + 2);
    scene.doc.tokens.upos[token] == Upos::Propn
        && form.starts_with(|c: char| c.is_ascii_uppercase())
        && form.len() <= 7
        && (form.contains(|c: char| c.is_ascii_digit()) && form.contains('-') || number_behind)
}

/// Whether a thing is what somebody fires.
fn is_fired(scene: &Scene, token: usize) -> bool {
    scene.graph.up[token]
        .iter()
        .any(|(rel, verb)| *rel == Rel::Obj && scene.word_class(*verb, "act.launch"))
}

fn unit_of(role: QuantityRole) -> &'static str {
    match role {
        QuantityRole::Amount => "",
        _ => "person",
    }
}

/// The role that the words around a counted noun give it, and the word that gives it.
fn role(scene: &Scene, head: usize, number: usize) -> (QuantityRole, usize) {
    // "17 dead and 32 wounded": what stands right behind the number counts most.
    if scene.sentence(number).contains(&(number + 1))
        && let Some(role) = noun_role(scene, number + 1)
    {
        return (role, number + 1);
    }
    // "12 dead", "30 casualties", "at least five injured".
    for token in [head, number] {
        if let Some(role) = noun_role(scene, token) {
            return (role, token);
        }
        // "12 people dead", "left five others wounded": an adjective or participle hangs on it.
        for (rel, dependent) in &scene.graph.down[token] {
            if matches!(rel, Rel::Acl | Rel::Mod)
                && let Some(role) = state_role(scene, *dependent)
            {
                return (role, *dependent);
            }
        }
    }
    for token in [head, number] {
        // What a word hangs on itself comes before what shares it: "100 people are killed and hundreds injured".
        let mut up: Vec<&(Rel, usize)> = scene.graph.up[token].iter().collect();
        up.sort_by_key(|(_, governor)| Some(*governor) != scene.doc.head(token));
        for (rel, governor) in up {
            if let Some(role) = governed(scene, rel, *governor, head) {
                return (role, *governor);
            }
        }
    }
    // "12 of the drones were shot down": the number hangs on the verb, the noun on the number.
    if let Some(up) = scene.doc.head(head)
        && matches!(
            scene.doc.tokens.deprel[head],
            Deprel::Nmod | Deprel::Nummod | Deprel::Appos | Deprel::Conj | Deprel::Compound
        )
    {
        for (rel, governor) in &scene.graph.up[up] {
            if let Some(role) = governed(scene, rel, *governor, head) {
                return (role, *governor);
            }
        }
        if let Some(role) = noun_role(scene, up) {
            return (role, up);
        }
    }
    (QuantityRole::Other, head)
}

/// "Dead", "casualties", "wounded", "fatalities" as the counted word.
fn noun_role(scene: &Scene, token: usize) -> Option<QuantityRole> {
    for (class, role) in [
        ("count.killed", QuantityRole::Killed),
        ("count.wounded", QuantityRole::Wounded),
        ("count.captured", QuantityRole::Captured),
        ("count.displaced", QuantityRole::Displaced),
    ] {
        if scene.word_class(token, class) {
            return Some(role);
        }
    }
    None
}

/// "Dead", "wounded", "missing" as a word that describes the counted one.
fn state_role(scene: &Scene, token: usize) -> Option<QuantityRole> {
    noun_role(scene, token).or_else(|| {
        if scene.doc.tokens.upos[token] == Upos::Verb {
            verb_role(scene, token, true, token)
        } else {
            None
        }
    })
}

fn governed(scene: &Scene, rel: &Rel, governor: usize, head: usize) -> Option<QuantityRole> {
    match rel {
        Rel::Obj => verb_role(scene, governor, true, head).or_else(|| leave(scene, governor, head)),
        Rel::Subj => verb_role(scene, governor, false, head).or_else(|| noun_role(scene, governor)),
        Rel::Prep(preposition) => match &**preposition {
            // "attacked with 40 drones", "a barrage of 40 missiles", "the firing of two missiles".
            "with" | "using" | "of" | "by" | "involving"
                if scene.word_class(head, "weapon") && scene.word_class(governor, "launching") =>
            {
                Some(QuantityRole::Launched)
            }
            "of" => match () {
                () if scene.word_class(governor, "act.kill") => Some(QuantityRole::Killed),
                () if scene.word_class(governor, "act.wound") => Some(QuantityRole::Wounded),
                () if scene.word_class(governor, "act.capture") => Some(QuantityRole::Captured),
                () if scene.word_class(governor, "act.intercept") => {
                    Some(QuantityRole::Intercepted)
                }
                () if scene.word_class(governor, "act.deploy") => Some(QuantityRole::Deployed),
                () if scene.word_class(governor, "toll") => Some(QuantityRole::Killed),
                () => None,
            },
            "to" | "at" | "from" | "as" if toll(scene, governor) => Some(QuantityRole::Killed),
            _ => None,
        },
        Rel::Xcomp | Rel::Mod => None,
        _ => None,
    }
}

/// "The death toll rose to 12", "put the toll at 12".
fn toll(scene: &Scene, governor: usize) -> bool {
    scene.word_class(governor, "toll")
        || scene.graph.down[governor]
            .iter()
            .any(|(r, d)| matches!(r, Rel::Subj | Rel::Obj) && scene.word_class(*d, "toll"))
}

/// "Leaving 12 dead": the state is a complement of the verb.
fn leave(scene: &Scene, governor: usize, head: usize) -> Option<QuantityRole> {
    scene.graph.down[governor]
        .iter()
        .filter(|(rel, d)| *rel == Rel::Xcomp && *d > head)
        .find_map(|(_, d)| state_role(scene, *d))
        .or_else(|| {
            // The parser may take "dead" for the object's own.
            let next = head + 1;
            (next < scene.doc.len() && scene.doc.tokens.lemma[governor] == "leave")
                .then(|| state_role(scene, next))
                .flatten()
        })
}

/// Role of the object (or, in another column, the subject) of a verb.
fn verb_role(scene: &Scene, verb: usize, object: bool, head: usize) -> Option<QuantityRole> {
    let lemma = verb_lemma(scene, verb);
    let is = |class: &str| scene.lexicon.classes.is(&lemma, class);
    let weapon = scene.word_class(head, "weapon");
    if object {
        if lemma == "lose" && scene.is(head, "human") {
            return Some(QuantityRole::Killed);
        }
        if is("act.kill") {
            // Destroyed drones were brought down; killed people were killed.
            return Some(if weapon {
                QuantityRole::Hit
            } else {
                QuantityRole::Killed
            });
        }
        if is("act.wound") {
            return Some(if weapon {
                QuantityRole::Hit
            } else {
                QuantityRole::Wounded
            });
        }
        if is("act.intercept") || is("act.destroy") && scene.word_class(head, "weapon.flying") {
            return Some(QuantityRole::Intercepted);
        }
        if is("act.launch") && weapon {
            return Some(QuantityRole::Launched);
        }
        if is("act.capture") && !weapon {
            return Some(QuantityRole::Captured);
        }
        if is("act.displace") {
            return Some(QuantityRole::Displaced);
        }
        if is("act.deploy") && !weapon {
            return Some(QuantityRole::Deployed);
        }
        if is("act.destroy") || is("act.hit") {
            return Some(if is("act.hit") && scene.word_class(head, "human") {
                QuantityRole::Wounded
            } else {
                QuantityRole::Hit
            });
        }
        return None;
    }
    if is("act.die") {
        return Some(QuantityRole::Killed);
    }
    if is("act.flee") && !weapon {
        return Some(QuantityRole::Displaced);
    }
    if weapon && (is("act.hit") || is("act.fly")) {
        return Some(QuantityRole::Launched);
    }
    if is("act.arrive") && (scene.word_class(head, "fighter") || scene.is(head, "military")) {
        return Some(QuantityRole::Deployed);
    }
    None
}

/// Joins what one event was told more than once: the same role and unit, the better figure.
pub fn merge(into: &mut Vec<Quantity>, more: &[Quantity]) {
    for new in more {
        let known = into.iter().any(|q| {
            q.role == new.role && q.unit == new.unit && (q.value - new.value).abs() < f64::EPSILON
        });
        let implied = new.value == 1.0 && new.span.text.is_empty();
        if !known && !implied {
            into.push(new.clone());
        }
    }
}

/// Whether two figures for one thing can both be right: "at least 10" and 12 can.
pub fn compatible(a: &Quantity, b: &Quantity) -> bool {
    if a.role != b.role || a.unit != b.unit {
        return true;
    }
    let close = (a.value - b.value).abs() <= 0.5 * a.value.max(b.value).max(2.0);
    close
        || a.approximation == Approximation::AtLeast && b.value >= a.value
        || b.approximation == Approximation::AtLeast && a.value >= b.value
}
