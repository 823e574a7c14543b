//! Which reports are told to be of one happening, and which are kept apart.

use super::super::fixture::*;
use super::*;
use crate::model::*;

fn scored(a: Report, b: Report) -> Score {
    let rules = Rules::new(Config::default(), std::sync::Arc::new(ontology()));
    let (shape_a, shape_b) = (
        Shape::read(&a, &rules.ontology),
        Shape::read(&b, &rules.ontology),
    );
    compare((&a, &shape_a), (&b, &shape_b), &rules)
}

fn joins(a: Report, b: Report) -> bool {
    let score = scored(a, b);
    score.conflict.is_none() && !score.weak && score.total >= Config::default().join
}

fn kharkiv() -> Location {
    city("Kharkiv", "UKR", 49.99, 36.23)
}

fn night(item: &str, from: &str, to: &str) -> Draft {
    report("military.strike.drone", item)
        .by(state("RUS", "Russia"))
        .on(state("UKR", "Ukraine"))
        .place(kharkiv())
        .told(&format!("{to}T08:00:00Z"))
        .time(span(
            &format!("{from}T20:00:00Z"),
            &format!("{to}T05:00:00Z"),
            TimePrecision::PartOfDay,
        ))
}

#[test]
fn strikes_on_one_city_on_consecutive_nights_stay_apart() {
    let first = || night("a", "2026-03-02", "2026-03-03");
    assert!(joins(
        first().build(),
        night("b", "2026-03-02", "2026-03-03").build()
    ));
    let second = night("b", "2026-03-03", "2026-03-04").build();
    assert_eq!(
        scored(first().build(), second).conflict,
        Some(Conflict::Time)
    );
}

#[test]
fn retaliation_is_not_the_strike() {
    let strike = |by: Actor, on: Actor, item: &str| {
        report("military.strike.missile", item)
            .by(by)
            .on(on)
            .told("2026-03-03T08:00:00Z")
            .build()
    };
    let (iran, israel) = (state("IRN", "Iran"), state("ISR", "Israel"));
    let score = scored(
        strike(israel.clone(), iran.clone(), "a"),
        strike(iran, israel, "b"),
    );
    assert_eq!(score.conflict, Some(Conflict::Initiators));
}

#[test]
fn another_summit_stays_apart_and_the_announced_one_joins() {
    let meeting = |item: &str, told: &str, on: &str| {
        report("diplomatic.meeting", item)
            .with(state("ARM", "Armenia"))
            .with(state("AZE", "Azerbaijan"))
            .told(told)
            .time(day(on))
    };
    let plan = || {
        meeting("a", "2026-03-16T09:00:00Z", "2026-03-19")
            .status(Status::Planned)
            .build()
    };
    assert!(joins(
        plan(),
        meeting("b", "2026-03-19T16:00:00Z", "2026-03-19").build()
    ));
    let earlier = meeting("b", "2026-03-16T09:00:00Z", "2026-01-20").build();
    assert_eq!(scored(plan(), earlier).conflict, Some(Conflict::Time));
    let with_turkey = report("diplomatic.meeting", "b")
        .with(state("ARM", "Armenia"))
        .with(state("TUR", "Turkey"));
    let with_turkey = with_turkey
        .told("2026-03-19T16:00:00Z")
        .time(day("2026-03-19"))
        .build();
    assert_eq!(
        scored(plan(), with_turkey).conflict,
        Some(Conflict::Participants)
    );
}

#[test]
fn a_toll_joins_the_strike_that_made_it() {
    let nabatieh = || city("Nabatieh", "LBN", 33.38, 35.48);
    let strike = report("military.strike.air", "a")
        .by(state("ISR", "Israel"))
        .place(nabatieh())
        .killed(2.0);
    let strike = strike
        .told("2026-04-07T09:00:00Z")
        .time(day("2026-04-07"))
        .build();
    let toll = report("military.casualties", "b")
        .place(nabatieh())
        .killed(5.0);
    let toll = toll
        .told("2026-04-08T08:00:00Z")
        .time(day("2026-04-07"))
        .build();
    assert!(joins(strike, toll));
}

#[test]
fn speech_needs_the_speaker_and_the_words() {
    let says = |item: &str, who: Actor, words: &str| {
        report("diplomatic.statement", item)
            .by(who)
            .told("2026-03-03T08:00:00Z")
            .says(words)
            .build()
    };
    let lavrov = || person("person.sergei-lavrov", "Sergei Lavrov", "RUS");
    let peskov = || person("person.dmitry-peskov", "Dmitry Peskov", "RUS");
    let words = "Moscow is ready for talks on a lasting settlement but sees no will in Kyiv";
    let alike = "Moscow remains ready for talks on a settlement, but Kyiv lacks the will";
    let other = "Deliveries of gas through the southern route will grow next year";
    assert!(joins(
        says("a", lavrov(), words),
        says("b", lavrov(), alike)
    ));
    assert!(!joins(
        says("a", lavrov(), words),
        says("b", lavrov(), other)
    ));
    assert!(!joins(
        says("a", lavrov(), words),
        says("b", peskov(), alike)
    ));
}

#[test]
fn both_sides_blame_each_other_for_one_attack() {
    let attack = |item: &str, by: Actor| {
        report("military.strike.artillery", item)
            .by(by)
            .place(city("Enerhodar", "UKR", 47.5, 34.66))
            .told("2026-03-03T08:00:00Z")
            .time(day("2026-03-03"))
            .killed(3.0)
            .build()
    };
    assert!(joins(
        attack("a", state("RUS", "Russia")),
        attack("b", state("UKR", "Ukraine"))
    ));
}

#[test]
fn little_in_common_is_not_enough() {
    let strike = |item: &str, words: &str| {
        report("military.strike", item)
            .told("2026-03-03T08:00:00Z")
            .time(day("2026-03-03"))
            .killed(2.0)
            .says(words)
            .build()
    };
    let score = scored(
        strike("a", "A shell hit a market"),
        strike("b", "Two died under a roof"),
    );
    assert!(score.weak && score.conflict.is_none());
}

#[test]
fn a_condition_is_not_the_fact() {
    let strike = |item: &str, status| {
        report("military.strike", item)
            .by(state("USA", "United States"))
            .on(state("IRN", "Iran"))
            .told("2026-03-03T08:00:00Z")
            .status(status)
            .build()
    };
    let score = scored(
        strike("a", Status::Hypothetical),
        strike("b", Status::Occurred),
    );
    assert_eq!(score.conflict, Some(Conflict::Reality));
}

#[test]
fn a_formula_is_no_speech_of_its_own() {
    let claim = |item: &str, words: &str| {
        report("diplomatic.claim_responsibility", item)
            .by(group("group.islamic-state", "Islamic State", ""))
            .on(Actor {
                name: "attack".into(),
                ..Actor::default()
            })
            .told("2026-03-03T08:00:00Z")
            .says(words)
            .build()
    };
    let [a, b] = [
        "ISIL claims responsibility for the attack.",
        "ISIL claimed responsibility for the attack.",
    ];
    assert!(!joins(claim("a", a), claim("b", b)));
}

#[test]
fn another_toll_days_later_is_another_attack_unless_the_toll_rose() {
    let attack = |item: &str, told: &str, toll: f64, words: &str| {
        report("military.attack_on_civilians", item)
            .by(group("group.adf", "Allied Democratic Forces", "COD"))
            .place(city("Beni", "COD", 0.49, 29.47))
            .told(told)
            .killed(toll)
            .says(words)
            .build()
    };
    let first = || {
        attack(
            "a",
            "2026-03-03T18:00:00Z",
            23.0,
            "Militants stormed a village near Beni, killing 23 people",
        )
    };
    let next = attack(
        "b",
        "2026-03-05T18:00:00Z",
        35.0,
        "Militants stormed a village near Beni, killing 35 people",
    );
    assert!(!joins(first(), next));
    let risen =
        "The death toll of the attack on a village near Beni has risen to 35, officials said";
    assert!(joins(
        first(),
        attack("b", "2026-03-05T18:00:00Z", 35.0, risen)
    ));
}

#[test]
fn where_an_attack_came_from_is_not_where_it_went() {
    let strike = |item: &str, place| {
        report("military.strike.drone", item)
            .by(state("RUS", "Russia"))
            .on(state("UKR", "Ukraine"))
            .place(place)
            .told("2026-03-03T08:00:00Z")
            .time(day("2026-03-03"))
            .build()
    };
    assert!(joins(
        strike("a", kharkiv()),
        strike("b", country("Russia", "RUS"))
    ));
    assert!(!joins(
        strike("a", kharkiv()),
        strike("b", country("Poland", "POL"))
    ));
}

#[test]
fn nameless_doers_do_not_keep_reports_apart() {
    let ambush = |item: &str, by: Actor| {
        report("military.assault", item)
            .by(by)
            .place(city("Sikasso", "MLI", 11.32, -5.67))
            .told("2026-03-03T08:00:00Z")
            .time(day("2026-03-03"))
            .says(if item == "a" {
                "Gunmen lay in wait for lorries"
            } else {
                "Convoy hit by riders"
            })
            .build()
    };
    let fighters = || actor("", "fighters", "", ActorKind::ArmedGroup);
    assert!(joins(
        ambush("a", group("group.jnim", "JNIM", "MLI")),
        ambush("b", fighters())
    ));
    assert!(!joins(
        ambush("a", group("group.jnim", "JNIM", "MLI")),
        ambush(
            "b",
            group("group.isgs", "Islamic State Sahel Province", "MLI")
        )
    ));
}

#[test]
fn a_plan_without_a_day_is_met_by_its_happening_and_not_by_an_earlier_one() {
    let visit = |item: &str, told: &str, status| {
        report("diplomatic.visit", item)
            .by(person("person.a", "Ararat Mirzoyan", "ARM"))
            .on(state("SWE", "Sweden"))
            .place(country("Sweden", "SWE"))
            .told(told)
            .status(status)
            .says(&format!("{item} writes of a visit to Sweden"))
            .build()
    };
    let plan = || visit("a", "2026-03-10T12:00:00Z", Status::Planned);
    assert!(joins(
        plan(),
        visit("b", "2026-03-15T12:00:00Z", Status::Occurred)
    ));
    assert!(!joins(
        plan(),
        visit("b", "2026-03-07T12:00:00Z", Status::Occurred)
    ));
}

#[test]
fn fighting_that_goes_on_is_one_and_another_raid_is_not() {
    let raid = |item: &str, told: &str, status| {
        report("military.clash", item)
            .with(group("group.taliban", "Taliban", "AFG"))
            .with(state("AFG", "Afghanistan"))
            .place(city("Kunduz", "AFG", 36.73, 68.87))
            .told(told)
            .status(status)
            .says(&format!("{item} tells of gunfire"))
            .build()
    };
    let first = || raid("a", "2026-04-15T12:00:00Z", Status::Occurred);
    let later = |status| raid("b", "2026-04-17T12:00:00Z", status);
    assert!(joins(first(), later(Status::Ongoing)));
    assert!(!joins(first(), later(Status::Occurred)));
}

#[test]
fn a_toll_that_falls_far_is_of_another_bombing() {
    let bombing = |item: &str, told: &str, toll: f64| {
        report("military.bombing", item)
            .place(city("Kabul", "AFG", 34.53, 69.17))
            .told(told)
            .killed(toll)
            .says("A suicide bomber killed worshippers in Kabul, officials said")
            .build()
    };
    let first = || bombing("a", "2026-10-20T12:00:00Z", 60.0);
    let score = scored(first(), bombing("b", "2026-10-21T12:00:00Z", 15.0));
    assert_eq!(score.conflict, Some(Conflict::Toll));
    let score = scored(first(), bombing("b", "2026-10-20T13:00:00Z", 15.0));
    assert_eq!(score.conflict, None);
}

#[test]
fn an_office_and_who_holds_it_meet() {
    let meeting = |item: &str, a: Actor, b: Actor| {
        report("diplomatic.meeting", item)
            .with(a)
            .with(b)
            .told("2026-11-07T12:00:00Z")
            .time(day("2026-11-07"))
            .build()
    };
    let office = |country: &str| {
        person(
            &format!("{country}.president"),
            &format!("{country} president"),
            country,
        )
    };
    let chile = || person("person.a", "Ana Araya", "CHL");
    let peru = || person("person.b", "Blas Bravo", "PER");
    let planned = || meeting("a", office("CHL"), office("PER"));
    assert!(joins(planned(), meeting("b", chile(), peru())));
    let envoy = person("person.c", "Carla Cruz", "BOL");
    assert!(!joins(planned(), meeting("b", chile(), envoy)));
}

#[test]
fn a_score_shows_its_parts_or_what_rules_it_out() {
    let night = |from: &str, to: &str| night("a", from, to).build();
    let first = || night("2026-03-02", "2026-03-03");
    let shown = scored(first(), first()).to_string();
    assert_eq!(
        shown,
        "0.95: type 1.00, actors 1.00, place 1.00, time 1.00, numbers -, words 1.00"
    );
    let other = scored(first(), night("2026-03-03", "2026-03-04")).to_string();
    assert_eq!(other, "ruled out: the times lie apart");
}
