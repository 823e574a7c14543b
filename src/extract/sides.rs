//! The sides of an event that its own sentence leaves open, from the rest of the item: who strikes, on whom, and whose act it
//! is that somebody condemns.

use super::scene::Scene;
use crate::lexicon::{Lexicon, ontology::is_a};
use crate::linguistics::Rel;
use crate::model::{Actor, ActorKind, Category, Part, Report, Span};

/// Events back to which the sides of the fighting carry on: enough for a list of strikes.
const EVENTS: usize = 40;

/// Characters back to which "the attack" may mean one that was told.
const REFERENCE: u32 = 2500;

/// Somebody whom the item names as who is fought against, wherever no event is told: "the campaign against ISIL".
#[derive(Debug, Clone, PartialEq)]
pub struct Foe {
    pub actor: Actor,
    pub span: Span,
}

/// Armed groups that a text speaks of fighting: "the campaign to defeat ISIL", "strikes against al-Shabaab".
pub fn foes<'a>(scene: &'a Scene<'a>) -> impl Iterator<Item = Foe> + 'a {
    let fought = |token: usize| {
        let up = scene.doc.head(token)?;
        let lemma = &scene.doc.tokens.lemma[up];
        let against = Rel::Prep("against".into());
        let hostile = scene.graph.down[up].iter().any(|(rel, d)| {
            *d == token && (*rel == against || *rel == Rel::Obj && is_fight(lemma, scene.lexicon))
        });
        // "The fight against ISIS", "the counter-ISIL campaign".
        let before = token.checked_sub(1).map(|t| scene.doc.form(t));
        let prefix = before.is_some_and(|w| w == "-") && token >= 2 && {
            let word = scene.doc.form(token - 2).to_lowercase();
            matches!(word.as_str(), "anti" | "counter")
        };
        (hostile || prefix).then_some(())
    };
    scene.actors.iter().filter_map(move |mention| {
        let actor = mention.actors.first()?;
        if actor.kind != ActorKind::ArmedGroup || actor.id.is_empty() {
            return None;
        }
        let head = scene.head(mention.tokens.clone());
        fought(head).or_else(|| fought(mention.tokens.start))?;
        let span = scene.span(mention.tokens.clone());
        Some(Foe {
            actor: Actor {
                span: span.clone(),
                ..actor.clone()
            },
            span,
        })
    })
}

fn is_fight(lemma: &str, lexicon: &Lexicon) -> bool {
    lexicon.classes.is(lemma, "act.fight")
}

/// Fills the open sides of an item's reports, given in text order.
pub fn complete(reports: &mut [Report], foes: &[Foe], lexicon: &Lexicon) {
    let fights = [
        "military.strike",
        "military.assault",
        "military.territory",
        "military.interception",
    ];
    let fighting = |r: &&mut Report| fights.iter().any(|t| is_a(&r.event_type, t));
    for report in reports.iter_mut().filter(fighting) {
        let initiators = &report.initiators;
        report
            .targets
            .retain(|t| !initiators.iter().any(|i| is_own(i, t)));
    }
    for i in 0..reports.len() {
        let from = i.saturating_sub(EVENTS);
        if let Some(striker) = striker(&reports[i], &reports[from..i]) {
            reports[i].initiators = striker;
        }
        let target = enemy(&reports[i], reports[from..i].iter().rev())
            .or_else(|| opponent(&reports[i], &reports[from..i]))
            .or_else(|| enemy(&reports[i], reports[i + 1..].iter()))
            .or_else(|| foe(&reports[i], foes));
        reports[i].targets.extend(target);
    }
    claimed(reports);
    for i in 0..reports.len() {
        if let Some(targets) = meant(&reports[i], reports, lexicon) {
            reports[i].targets = targets;
        }
    }
}

/// Whether an actor is known: by id or by state.
fn known(actor: &Actor) -> bool {
    !actor.id.is_empty() || !actor.country.is_empty()
}

fn same(a: &Actor, b: &Actor) -> bool {
    if !a.id.is_empty() && a.id == b.id {
        return true;
    }
    // An armed group is not the state that it is based in.
    let group = |x: &Actor| x.kind == ActorKind::ArmedGroup || x.id.starts_with("group.");
    !a.country.is_empty() && a.country == b.country && group(a) == group(b)
}

fn any_same(a: &[Actor], b: &[Actor]) -> bool {
    a.iter().any(|x| b.iter().any(|y| same(x, y)))
}

/// Forces and organs of one state don't take towns from each other; its people and its rebels are another matter.
fn is_own(a: &Actor, b: &Actor) -> bool {
    let organ = |x: &Actor| {
        matches!(
            x.kind,
            ActorKind::Military | ActorKind::Government | ActorKind::State
        ) && !x.country.is_empty()
    };
    organ(a) && organ(b) && a.country == b.country && a.id != b.id
}

/// Fighting, where one side acts on another.
fn acts(report: &Report) -> bool {
    report.category == Category::Military && report.participants.is_empty()
}

/// "Coalition aircraft struck fighters near Mosul. ... Near Rawah, two strikes destroyed two buildings": a list of strikes is
/// of one side.
fn striker(report: &Report, before: &[Report]) -> Option<Vec<Actor>> {
    let strike = |r: &Report| is_a(&r.event_type, "military.strike");
    if !strike(report) || !report.initiators.is_empty() {
        return None;
    }
    let last = before
        .iter()
        .rev()
        .find(|r| strike(r) && r.initiators.iter().any(known))?;
    let listed = last.event_type == report.event_type
        || is_a(&last.event_type, &report.event_type)
        || is_a(&report.event_type, &last.event_type);
    listed.then(|| last.initiators.clone())
}

/// Whether a report leaves open on whom it was.
fn is_open(report: &Report) -> bool {
    acts(report) && !report.targets.iter().any(known)
}

/// "Coalition aircraft struck fighters of ISIL. ... One strike destroyed a depot": on whom those who act acted elsewhere, where
/// a sentence names only what was hit.
fn enemy<'a>(report: &Report, mut others: impl Iterator<Item = &'a Report>) -> Option<Actor> {
    if !is_open(report) || report.initiators.is_empty() {
        return None;
    }
    let other = others.find(|r| {
        acts(r) && any_same(&r.initiators, &report.initiators) && r.targets.iter().any(known)
    })?;
    let target = other.targets.iter().find(|t| known(t))?;
    unlike(report, target)
}

/// "Russia launched 49 drones. ... Ukraine shot down 32 of them": who is shot at shoots back at him who shot.
fn opponent(report: &Report, before: &[Report]) -> Option<Actor> {
    if !is_open(report) || report.initiators.is_empty() {
        return None;
    }
    let attacked = |r: &&Report| acts(r) && any_same(&r.targets, &report.initiators);
    let other = before.iter().rev().find(attacked)?;
    let by = other.initiators.iter().find(|t| known(t))?;
    unlike(report, by)
}

/// Whom the item names as fought against, the nearest before the event, else the first.
fn foe(report: &Report, foes: &[Foe]) -> Option<Actor> {
    let fights = [
        "military.strike",
        "military.assault",
        "military.territory",
        "military.targeted_killing",
    ];
    let civilians = |a: &Actor| a.kind == ActorKind::Population;
    if !is_open(report)
        || !fights.iter().any(|t| is_a(&report.event_type, t))
        || !report.initiators.iter().any(known)
        || report.targets.iter().any(civilians)
    {
        return None;
    }
    let nearest = foes
        .iter()
        .rfind(|f| f.span.part == Part::Title || f.span.start < report.trigger.start);
    let foe = nearest.or_else(|| foes.first())?;
    unlike(report, &foe.actor)
}

/// An actor as a target that no words of the sentence name, unless he acts himself.
fn unlike(report: &Report, actor: &Actor) -> Option<Actor> {
    let own = report.initiators.iter().any(|i| same(i, actor));
    (!own).then(|| actor.clone())
}

/// "A bomb killed five. ... The Taliban claimed responsibility": of the attack that nobody is named for, the last before.
fn claimed(reports: &mut [Report]) {
    let attacks = [
        "military.strike",
        "military.bombing",
        "military.attack_on_civilians",
        "military.assault",
        "military.targeted_killing",
        "military.abduction",
    ];
    for i in 0..reports.len() {
        let claim = &reports[i];
        if claim.event_type != "diplomatic.claim_responsibility"
            || claim.status == crate::model::Status::Denied
            || !claim.initiators.iter().any(known)
        {
            continue;
        }
        let by = claim.initiators.clone();
        let attack = |r: &Report| attacks.iter().any(|t| is_a(&r.event_type, t));
        if let Some(told) = reports[..i].iter_mut().rev().find(|r| attack(r))
            && !told.initiators.iter().any(known)
        {
            told.initiators = by;
        }
    }
}

/// "Criticised the decision", "denied the accusation": who is spoken of is whose decision or accusation it was.
fn meant(report: &Report, all: &[Report], lexicon: &Lexicon) -> Option<Vec<Actor>> {
    let speech = lexicon
        .ontology
        .get(&report.event_type)
        .is_some_and(|t| t.speech);
    if !speech || report.category != Category::Diplomatic || report.targets.iter().any(known) {
        return None;
    }
    let is = |t: &str| is_a(&report.event_type, t);
    let word = report
        .targets
        .iter()
        .map(|t| head_of(&t.name))
        .find(|w| refers(w, lexicon));
    let Some(word) = word else {
        // Who denies without saying what, denies what he was accused of last.
        return (is("diplomatic.denial") && report.targets.is_empty())
            .then(|| accuser(report, all))
            .flatten();
    };
    let alleged = lexicon.classes.is(&word, "referring.claim");
    if alleged && let Some(by) = accuser(report, all) {
        return Some(named(by, report));
    }
    let before = || {
        earlier(report, all).filter(|r| {
            let acting = sides(r);
            acting.iter().any(known) && !any_same(acting, &report.initiators)
        })
    };
    let stem: String = word.chars().take(5).collect();
    let told = |r: &&Report| r.trigger.text.to_lowercase().contains(&stem);
    let violence = lexicon.classes.is(&word, "violence");
    let fits = |r: &&Report| !alleged && (!violence || r.category == Category::Military);
    let found = before().find(told).or_else(|| before().find(fits))?;
    Some(named(sides(found).to_vec(), report))
}

/// Reports before one in its text, nearest first, then those of the title.
fn earlier<'a>(report: &'a Report, all: &'a [Report]) -> impl Iterator<Item = &'a Report> {
    let here = &report.trigger;
    let text = all.iter().rev().filter(move |r| {
        r.trigger.part == here.part
            && r.trigger.end <= here.start
            && here.start - r.trigger.end <= REFERENCE
    });
    let title = all
        .iter()
        .filter(move |r| r.trigger.part == Part::Title && here.part != Part::Title);
    text.chain(title)
}

fn sides(report: &Report) -> &[Actor] {
    if report.initiators.is_empty() {
        &report.participants
    } else {
        &report.initiators
    }
}

/// Who said last of somebody what he answers to.
fn accuser(report: &Report, all: &[Report]) -> Option<Vec<Actor>> {
    let accuses = |r: &&Report| {
        r.category == Category::Diplomatic
            && any_same(&r.targets, &report.initiators)
            && !any_same(&r.initiators, &report.initiators)
            && r.initiators.iter().any(known)
    };
    earlier(report, all)
        .find(accuses)
        .map(|r| r.initiators.clone())
}

/// Actors as the words at hand name them.
fn named(mut actors: Vec<Actor>, report: &Report) -> Vec<Actor> {
    if let Some(words) = report.targets.first() {
        for actor in &mut actors {
            actor.surface.clone_from(&words.surface);
            actor.span = words.span.clone();
        }
    }
    actors
}

/// Nouns that take up an act that was told: "the decision", "the attack", "the deal".
pub(super) fn refers(noun: &str, lexicon: &Lexicon) -> bool {
    let classes = ["referring", "violence", "measure", "accord", "truce"];
    classes.iter().any(|c| lexicon.classes.is(noun, c))
}

/// The noun that a phrase is about, in the singular and lower case: "conclusions of the summit" is about a conclusion.
fn head_of(phrase: &str) -> String {
    let cut = [
        "of", "by", "from", "in", "on", "against", "to", "that", "which", "for", "with",
    ];
    let words = phrase.split_whitespace();
    let head = words.take_while(|w| !cut.contains(w)).last();
    let head = head.unwrap_or_default().to_lowercase();
    match head.strip_suffix('s') {
        Some(one) if !one.ends_with('s') => one.to_owned(),
        _ => head,
    }
}

/// Whom an attack was on where nobody is named: people and buildings are of the country where they stand.
pub fn at_home(reports: &mut [Report], lexicon: &Lexicon) {
    let harms = [
        "military.strike",
        "military.bombing",
        "military.attack_on_civilians",
        "military.assault",
        "military.damage",
        "military.siege",
    ];
    for report in reports {
        let Some(location) = &report.location else {
            continue;
        };
        let country = location.country.clone();
        let own = |a: &Actor| a.country == country && a.kind != ActorKind::ArmedGroup;
        if country.is_empty()
            || !harms.iter().any(|t| is_a(&report.event_type, t))
            || report.initiators.iter().any(own)
            || report.targets.iter().any(known)
        {
            continue;
        }
        let theirs = |a: &&mut Actor| {
            matches!(
                a.kind,
                ActorKind::Population | ActorKind::Military | ActorKind::Other
            )
        };
        let struck = [
            "military.strike",
            "military.bombing",
            "military.attack_on_civilians",
        ];
        if report.targets.is_empty() {
            let local = report.initiators.iter().any(|a| a.country == country);
            let bombing = is_a(&report.event_type, "military.bombing");
            if local && !bombing || !struck.iter().any(|t| is_a(&report.event_type, t)) {
                continue;
            }
            // No words name it: its surface is empty.
            let state = lexicon.actors.state(&country);
            report.targets.extend(state.map(|s| Actor {
                id: s.id.clone(),
                name: s.name.clone(),
                country: s.id.clone(),
                kind: ActorKind::State,
                ..Actor::default()
            }));
        } else {
            for target in report.targets.iter_mut().filter(theirs) {
                target.country.clone_from(&country);
            }
        }
    }
}

#[cfg(test)]
mod tests;
