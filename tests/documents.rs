//! What the README says of reasons and settings is what the program has.

use sitrep::config::Config;
use sitrep::service::reason;

const OPERATIONS: &str = include_str!("../docs/operations.md");
const README: &str = include_str!("../README.md");

#[test]
fn the_readme_lists_every_reason_of_an_error() {
    for reason in reason::ALL {
        let row = format!(
            "| `{}` | {} | {} |",
            reason.name,
            code(reason.code),
            reason.meaning
        );
        assert!(README.contains(&row), "expected in the README: {row}");
    }
}

/// The code's name as on the wire: `INVALID_ARGUMENT`.
fn code(code: tonic::Code) -> String {
    let mut name = String::new();
    for letter in format!("{code:?}").chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_uppercase());
    }
    name
}

#[test]
fn the_configuration_in_the_readme_is_the_default_one_and_whole() {
    let block = README
        .split("```toml")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("a block of TOML");
    let written: toml::Table = block.parse().expect("it is TOML");
    let known = toml::Table::try_from(Config::default()).expect("the configuration is TOML");
    assert_eq!(written, known);
}

#[test]
fn the_example_of_a_configuration_is_one_with_what_it_leaves_out() {
    let text = include_str!("../docs/sitrep.toml");
    // A key that is commented out stands alone behind its mark.
    let whole: String = text
        .lines()
        .map(|l| match l.strip_prefix("# ") {
            Some(key) if key.starts_with('[') || key.contains(" = ") => format!("{key}\n"),
            _ => format!("{l}\n"),
        })
        .collect();
    for text in [text, &whole] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("sitrep.toml");
        std::fs::write(&path, text).expect("it can be written");
        let flags = sitrep::config::Flags {
            config: Some(path),
            ..Default::default()
        };
        let config = Config::load(&flags, []).expect("it can be used");
        assert!(config.tls.is_on() && config.auth.has_file());
    }
}

#[test]
fn the_operators_manual_lists_every_metric() {
    let metrics = sitrep::telemetry::Metrics::default();
    for (name, meaning) in metrics.names() {
        let found = OPERATIONS
            .lines()
            .any(|l| l.starts_with(&format!("| `{name}` |")) && l.contains(meaning));
        assert!(
            found,
            "expected in docs/operations.md: | `{name}` | … | {meaning} |"
        );
    }
    let (table, _) = OPERATIONS.split_once("## Alerts").expect("alerts follow");
    let rows = table.lines().filter(|l| l.starts_with("| `sitrep_"));
    assert_eq!(rows.count(), metrics.names().len());
}
