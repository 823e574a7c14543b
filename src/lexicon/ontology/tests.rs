//! The bundled file, and files that must be refused.

use super::*;

const TEXT: &str = include_str!("../../../lexicon/ontology.toml");

fn load(text: &str) -> Result<Ontology, Error> {
    Ontology::load(text, "ontology.toml")
}

#[test]
fn the_bundled_file_loads_with_codes() {
    let ontology = load(TEXT).unwrap();
    assert_eq!(ontology.types().len(), 61);
    let drone = ontology.get("military.strike.drone").unwrap();
    assert_eq!(drone.parent.as_deref(), Some("military.strike"));
    assert_eq!(drone.category, Category::Military);
    assert_eq!(drone.codes.cameo, "1952");
    assert_eq!(drone.codes.plover_mode, "drone");
    assert_eq!(drone.codes.quad_class, 4);
    let interception = ontology.get("military.interception").unwrap();
    assert_eq!(
        (
            interception.codes.cameo.as_str(),
            interception.codes.quad_class
        ),
        ("~190", 4)
    );
    assert_eq!(ontology.get("diplomatic.exchange"), None);
    assert!(ontology.has_prefix("military") && ontology.has_prefix("military.strike"));
    assert!(!ontology.has_prefix("military.str"));
}

#[test]
fn quad_classes_follow_the_root() {
    let classes = [
        "010", "057", "0841", "100", "138", "150", "~190", "204", "", "99",
    ]
    .map(quad_class);
    assert_eq!(classes, [1, 1, 2, 3, 3, 4, 4, 4, 0, 0]);
}

#[test]
fn an_unknown_key_is_refused_with_its_line() {
    let text = TEXT.replacen("cameo = \"010\"", "cameo = \"010\"\ncolour = \"red\"", 1);
    let error = load(&text).unwrap_err();
    let line = text.lines().position(|l| l.starts_with("colour")).unwrap() + 1;
    assert_eq!((error.file.as_str(), error.line), ("ontology.toml", line));
    assert!(error.message.contains("colour"), "{error}");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let entry = |name: &str, verb: &str, object: &str| {
        format!(
            "[[type]]\nname = {name:?}\ndefinition = \"x\"\nfamilies = [\"x\"]\n\
             headline = {{ verb = {verb:?}, object = {object:?}, noun = \"x\" }}\n"
        )
    };
    let verb = "go|goes|going|went";
    assert!(load(&entry("military.x", verb, "[ to {place}]")).is_ok());
    let twice = entry("military.x", verb, "") + &entry("military.x", verb, "");
    let error = load(&twice).unwrap_err();
    assert_eq!(error.line, 7);
    for bad in [
        entry("civil.x", verb, ""),
        entry("military", verb, ""),
        entry("military.x.y", verb, ""),
        entry("military.x", "go|goes|went", ""),
        entry("military.x", verb, "[ to {place}"),
        entry("military.x", verb, " to {somewhere}"),
        String::new(),
    ] {
        assert!(load(&bad).is_err(), "{bad}");
    }
}
