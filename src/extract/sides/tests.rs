use super::*;
use crate::lexicon::Files;

fn report(kind: &str, start: u32, initiators: &[Actor], targets: &[Actor]) -> Report {
    Report {
        event_type: kind.to_owned(),
        category: if kind.starts_with("military") {
            Category::Military
        } else {
            Category::Diplomatic
        },
        trigger: Span {
            start,
            end: start + 5,
            ..Span::default()
        },
        initiators: initiators.to_vec(),
        targets: targets.to_vec(),
        ..Report::default()
    }
}

fn state(code: &str) -> Actor {
    Actor {
        id: code.to_owned(),
        name: code.to_owned(),
        country: code.to_owned(),
        kind: ActorKind::State,
        ..Actor::default()
    }
}

fn thing(name: &str) -> Actor {
    Actor {
        name: name.to_owned(),
        surface: name.to_owned(),
        kind: ActorKind::Other,
        ..Actor::default()
    }
}

fn completed(mut reports: Vec<Report>, foes: &[Foe]) -> Vec<Report> {
    let lexicon = Lexicon::load(&Files::embedded()).unwrap();
    complete(&mut reports, foes, &lexicon);
    reports
}

#[test]
fn who_acts_on_acts_on_the_same_side() {
    let first = report("military.strike", 0, &[state("USA")], &[state("SYR")]);
    let read = completed(vec![first, report("military.strike", 50, &[], &[])], &[]);
    assert_eq!(read[1].initiators, [state("USA")]);
    assert_eq!(read[1].targets, [state("SYR")]);
}

#[test]
fn who_shoots_down_shoots_down_what_was_fired_at_him() {
    let fired = report("military.strike.drone", 0, &[state("RUS")], &[state("UKR")]);
    let shot = report("military.interception", 60, &[state("UKR")], &[thing("32")]);
    let read = completed(vec![fired, shot], &[]);
    assert_eq!(read[1].targets, [thing("32"), state("RUS")]);
}

#[test]
fn the_foe_that_an_item_names_is_on_whom_its_strikes_are() {
    let foe = Foe {
        actor: Actor {
            id: "group.islamic-state".to_owned(),
            kind: ActorKind::ArmedGroup,
            ..Actor::default()
        },
        span: Span::default(),
    };
    let strike = report(
        "military.strike.air",
        40,
        &[state("USA")],
        &[thing("depot")],
    );
    let read = completed(vec![strike], std::slice::from_ref(&foe));
    assert_eq!(read[0].targets[1].id, "group.islamic-state");
    let own = report(
        "military.strike.air",
        40,
        std::slice::from_ref(&foe.actor),
        &[],
    );
    assert!(completed(vec![own], &[foe])[0].targets.is_empty());
}

#[test]
fn who_condemns_the_decision_condemns_who_took_it() {
    let acted = report("military.withdrawal", 0, &[state("USA")], &[]);
    let other = report("military.strike", 30, &[state("FRA")], &[state("SYR")]);
    let said = report(
        "diplomatic.condemnation",
        80,
        &[state("FRA")],
        &[thing("decision")],
    );
    let read = completed(vec![acted, other, said], &[]);
    assert_eq!(read[2].targets[0].id, "USA");
    assert_eq!(read[2].targets[0].surface, "decision");
}

#[test]
fn who_denies_answers_who_accused_him() {
    let accused = report("diplomatic.accusation", 0, &[state("USA")], &[state("IRN")]);
    let denied = report("diplomatic.denial", 80, &[state("IRN")], &[]);
    let read = completed(vec![accused, denied], &[]);
    assert_eq!(read[1].targets, [state("USA")]);
}
