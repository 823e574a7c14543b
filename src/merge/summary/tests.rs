//! Headlines by type and status.

use super::super::event_of;
use super::super::fixture::*;
use crate::model::*;

fn line(report: Report) -> String {
    event_of(&report, &ontology(), &Engine::default()).summary
}

fn russia() -> Actor {
    state("RUS", "Russia")
}

fn ukraine() -> Actor {
    state("UKR", "Ukraine")
}

fn nabatieh() -> Location {
    city("Nabatieh", "LBN", 33.38, 35.48)
}

#[test]
fn what_was_launched_and_what_was_stopped() {
    let launch = report("military.strike", "i").by(russia()).on(ukraine());
    let launch = launch.count(QuantityRole::Launched, 49.0, "drone").count(
        QuantityRole::Launched,
        2.0,
        "ballistic missile",
    );
    assert_eq!(
        line(launch.build()),
        "Russia launched 49 drones and 2 ballistic missiles at Ukraine"
    );
    let stopped = report("military.interception", "i").by(ukraine()).count(
        QuantityRole::Intercepted,
        32.0,
        "drone",
    );
    assert_eq!(line(stopped.build()), "Ukraine shot down 32 drones");
    let passive =
        report("military.interception", "i").count(QuantityRole::Intercepted, 32.0, "drone");
    assert_eq!(
        line(passive.place(nabatieh()).build()),
        "32 drones shot down over Nabatieh"
    );
}

#[test]
fn tolls_and_claimants() {
    let ministry = actor(
        "LBN.health-ministry",
        "Lebanese health ministry",
        "LBN",
        ActorKind::Government,
    );
    let strike = || {
        report("military.strike.air", "i")
            .place(nabatieh())
            .according_to(ministry.clone())
            .killed(5.0)
    };
    assert_eq!(
        line(strike().build()),
        "Air strike on Nabatieh kills 5, Lebanese health ministry says"
    );
    let known = strike()
        .by(state("ISR", "Israel"))
        .count(QuantityRole::Wounded, 12.0, "soldier");
    assert_eq!(
        line(known.build()),
        "Israel carries out air strike on Nabatieh, killing 5 and wounding 12 soldiers, Lebanese health ministry says"
    );
    let toll = report("military.casualties", "i")
        .place(nabatieh())
        .killed(5.0);
    assert_eq!(line(toll.build()), "5 killed in Nabatieh");
    let own = report("military.territory", "i")
        .by(russia())
        .place(city("Kupiansk", "UKR", 49.7, 37.6));
    let own = own.according_to(actor(
        "RUS.defence-ministry",
        "Russian defence ministry",
        "RUS",
        ActorKind::Government,
    ));
    assert_eq!(
        line(own.status(Status::Claimed).build()),
        "Russia says it captured Kupiansk"
    );
}

#[test]
fn symmetric_acts() {
    let meeting = |status| {
        report("diplomatic.meeting", "i")
            .with(person("person.a", "Ararat Mirzoyan", "ARM"))
            .with(person("person.b", "Jeyhun Bayramov", "AZE"))
            .place(city("Tbilisi", "GEO", 41.7, 44.8))
            .status(status)
    };
    assert_eq!(
        line(meeting(Status::Occurred).build()),
        "Ararat Mirzoyan and Jeyhun Bayramov meet in Tbilisi"
    );
    assert_eq!(
        line(meeting(Status::Planned).time(day("2026-03-19")).build()),
        "Ararat Mirzoyan and Jeyhun Bayramov to meet in Tbilisi on 19 March"
    );
    let exchange = report("military.exchange", "i")
        .with(russia())
        .with(ukraine());
    let exchange = exchange.count(QuantityRole::Other, 157.0, "prisoner");
    assert_eq!(
        line(exchange.build()),
        "Russia and Ukraine exchange 157 prisoners"
    );
    let release =
        report("military.exchange", "i")
            .with(russia())
            .count(QuantityRole::Other, 1.0, "prisoner");
    assert_eq!(line(release.build()), "Russia releases 1 prisoner");
}

#[test]
fn every_status_has_a_wording() {
    let sanction = |status| {
        report("diplomatic.sanction", "i")
            .by(actor("org.eu", "EU", "", ActorKind::Igo))
            .on(russia())
            .status(status)
    };
    let lines = [
        (Status::Occurred, "EU sanctions Russia"),
        (Status::Ongoing, "EU is sanctioning Russia"),
        (Status::Planned, "EU to sanction Russia"),
        (Status::Claimed, "EU sanctions Russia"),
        (Status::Denied, "EU denies sanctioning Russia"),
        (Status::Threatened, "EU threatens to sanction Russia"),
        (Status::Hypothetical, "EU may sanction Russia"),
    ];
    for (status, expected) in lines {
        assert_eq!(line(sanction(status).build()), expected);
    }
    let unknown = |status| {
        report("military.strike", "i")
            .place(nabatieh())
            .status(status)
    };
    let lines = [
        (Status::Occurred, "Strike on Nabatieh reported"),
        (Status::Ongoing, "Strike on Nabatieh under way"),
        (Status::Planned, "Strike on Nabatieh planned"),
        (Status::Denied, "Strike on Nabatieh denied"),
        (Status::Threatened, "Strike on Nabatieh threatened"),
        (Status::Hypothetical, "Possible strike on Nabatieh"),
    ];
    for (status, expected) in lines {
        assert_eq!(line(unknown(status).build()), expected);
    }
    let iran = report("diplomatic.denial", "i")
        .by(state("IRN", "Iran"))
        .status(Status::Denied);
    assert_eq!(line(iran.build()), "Iran denies report");
}

#[test]
fn every_type_has_a_line_with_and_without_actors() {
    for event_type in ontology().types() {
        let bare = line(report(&event_type.name, "i").build());
        let full = report(&event_type.name, "i")
            .by(russia())
            .on(ukraine())
            .place(nabatieh())
            .build();
        let full = line(full);
        for text in [&bare, &full] {
            assert!(
                !text.is_empty() && !text.contains(['{', '}', '[', ']']),
                "{}: {text:?}",
                event_type.name
            );
            assert!(!text.contains("  "), "{}: {text:?}", event_type.name);
        }
        assert!(full.contains("Russia"), "{}: {full:?}", event_type.name);
    }
}

#[test]
fn a_verb_agrees_with_its_subject_and_does_without_an_object() {
    let by = |name: &str, kind| report("military.strike", "i").by(actor("", name, "", kind));
    assert_eq!(
        line(
            by("Fighters", ActorKind::ArmedGroup)
                .place(nabatieh())
                .build()
        ),
        "Fighters strike Nabatieh"
    );
    let rsf = || {
        actor(
            "group.rsf",
            "Rapid Support Forces",
            "SDN",
            ActorKind::ArmedGroup,
        )
    };
    let claim = report("military.territory", "i")
        .by(rsf())
        .according_to(rsf())
        .status(Status::Claimed);
    assert_eq!(
        line(claim.build()),
        "Rapid Support Forces say they captured ground"
    );
    let usa = report("diplomatic.accusation", "i").by(state("USA", "United States"));
    assert_eq!(line(usa.build()), "United States makes accusation");
    let hamas = report("diplomatic.condemnation", "i")
        .by(group("group.hamas", "Hamas", "PSE"))
        .on(state("ISR", "Israel"));
    assert_eq!(line(hamas.build()), "Hamas condemns Israel");
}

#[test]
fn what_is_said_is_said_whoever_doubts_it() {
    let usa = || state("USA", "United States");
    let accuses = report("diplomatic.accusation", "i")
        .by(usa())
        .on(russia())
        .according_to(usa());
    assert_eq!(
        line(accuses.status(Status::Claimed).build()),
        "United States accuses Russia"
    );
}
