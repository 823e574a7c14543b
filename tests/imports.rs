//! Who may import what. The rooms are the folders and files directly under `src/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The rooms in which a text becomes events: pure functions over plain values.
const PURE: [&str; 7] = [
    "model",
    "normalise",
    "linguistics",
    "extract",
    "resolve",
    "engine",
    "merge",
];

/// What stands outside of them.
const OUTSIDE: [&str; 10] = [
    "access",
    "wire",
    "store",
    "feed",
    "intake",
    "service",
    "app",
    "config",
    "telemetry",
    "cli",
];

/// Times its own work for the figures that it prints; nothing that it reads depends on that.
const MEASURES: &str = "linguistics/evaluate.rs names Instant";

/// The program text of a room, by file: without comments, and without its tests.
type Room = BTreeMap<String, String>;

fn rooms() -> BTreeMap<String, Room> {
    let mut rooms: BTreeMap<String, Room> = BTreeMap::new();
    let mut folders = vec![Path::new("src").to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let inside = path
                .strip_prefix("src")
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            let room = inside
                .split('/')
                .next()
                .unwrap()
                .trim_end_matches(".rs")
                .to_owned();
            let is_test = inside.ends_with("/tests.rs")
                || inside.contains("/tests/")
                || inside.ends_with("/fixture.rs");
            if inside.ends_with(".rs") && !is_test {
                let text = program(&fs::read_to_string(&path).unwrap());
                rooms.entry(room).or_default().insert(inside, text);
            }
        }
    }
    rooms
}

/// Cuts line comments, and the tests at the end of a file.
fn program(text: &str) -> String {
    let end = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    let lines = text[..end].lines();
    let code = lines.filter(|line| !line.trim_start().starts_with("//"));
    code.collect::<Vec<_>>().join("\n")
}

/// True where a path with this head is written: `redb::`, not `myredb::`.
fn names(text: &str, path: &str) -> bool {
    text.match_indices(path).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + path.len()..].chars().next();
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        !before.is_some_and(|c| is_word(c) || c == ':') && !after.is_some_and(is_word)
    })
}

/// Every room of ours that a text imports: `crate::store`, `crate::{intake, store}`.
fn imported(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let word = |s: &str| {
            s.trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        };
        match rest.strip_prefix('{') {
            None => found.push(word(rest)),
            Some(list) => {
                // Only the first word of each alternative, whatever is nested below it.
                let mut depth = 0;
                let mut is_start = true;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => is_start = true,
                        c if is_start && c.is_alphabetic() => {
                            found.push(word(&list[at..]));
                            is_start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

/// Files of these rooms that name one of these.
fn offenders(of: &[&str], forbidden: &[&str]) -> Vec<String> {
    let rooms = rooms();
    let mut found = Vec::new();
    for room in of {
        for (file, text) in rooms
            .get(*room)
            .unwrap_or_else(|| panic!("there is no room {room}"))
        {
            for path in forbidden {
                if names(text, path) {
                    found.push(format!("{file} names {path}"));
                }
            }
        }
    }
    found
}

/// Files of these rooms that import one of these rooms.
fn importers(of: &[&str], forbidden: &[&str]) -> Vec<String> {
    let rooms = rooms();
    let mut found = Vec::new();
    for room in of {
        for (file, text) in rooms
            .get(*room)
            .unwrap_or_else(|| panic!("there is no room {room}"))
        {
            for import in imported(text) {
                if forbidden.contains(&import.as_str()) {
                    found.push(format!("{file} imports {import}"));
                }
            }
        }
    }
    found
}

/// All rooms but these.
fn others(but: &[&str]) -> Vec<String> {
    rooms()
        .into_keys()
        .filter(|r| !but.contains(&r.as_str()) && r != "lib" && r != "main")
        .collect()
}

fn as_str(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

const NONE: [String; 0] = [];

#[test]
fn the_scan_sees_what_it_should() {
    let text = "use crate::{intake, store::{self, Store}, wire};\nfn f() { crate::feed::x() }";
    assert_eq!(imported(text), ["intake", "store", "wire", "feed"]);
    assert!(names("use redb::Database;", "redb"));
    assert!(!names("from_redb!(x)", "redb"));
    assert!(!program("// redb\nx\n#[cfg(test)]\nmod tests {\nredb").contains("redb"));
}

#[test]
fn the_model_imports_nothing_of_ours() {
    let everything = others(&["model"]);
    assert_eq!(importers(&["model"], &as_str(&everything)), NONE);
}

#[test]
fn the_engine_and_the_ledger_see_no_runtime_no_file_no_clock_and_no_protocol() {
    let forbidden = [
        "tokio",
        "prost",
        "tonic",
        "redb",
        "std::fs",
        "std::net",
        "SystemTime",
        "Instant",
    ];
    let mut found = offenders(&PURE, &forbidden);
    found.retain(|f| f != MEASURES);
    assert_eq!(found, NONE);
    assert_eq!(
        offenders(&PURE, &["Timestamp::now", "Zoned::now", "thread_rng"]),
        NONE
    );
    assert_eq!(importers(&PURE, &OUTSIDE), NONE);
}

#[test]
fn only_the_store_sees_the_database() {
    assert_eq!(offenders(&as_str(&others(&["store"])), &["redb"]), NONE);
}

#[test]
fn only_the_edge_and_the_client_see_generated_code() {
    let inner = others(&["wire", "service", "cli"]);
    assert_eq!(
        offenders(&as_str(&inner), &["wire::v1", "v1", "include_proto"]),
        NONE
    );
}

#[test]
fn the_way_in_and_the_way_out_meet_in_the_store_only() {
    assert_eq!(importers(&["store"], &["feed", "intake", "service"]), NONE);
    assert_eq!(
        importers(&["feed"], &["intake", "service", "merge", "engine"]),
        NONE
    );
    assert_eq!(importers(&["intake"], &["feed", "service", "engine"]), NONE);
}

#[test]
fn who_gets_in_is_decided_over_plain_values() {
    assert_eq!(
        offenders(&["access"], &["tonic", "hyper", "prost", "axum"]),
        NONE
    );
    let rest = others(&["access", "config"]);
    assert_eq!(importers(&["access"], &as_str(&rest)), NONE);
}

#[test]
fn what_is_counted_is_counted_by_others() {
    let rest = others(&["telemetry", "config", "engine", "model"]);
    assert_eq!(importers(&["telemetry"], &as_str(&rest)), NONE);
}

#[test]
fn only_the_app_sees_every_room() {
    let inner = others(&["app", "cli"]);
    assert_eq!(importers(&as_str(&inner), &["app", "cli"]), NONE);
    // A room gets its own section, or plain values: never the whole configuration.
    assert_eq!(
        offenders(
            &as_str(&others(&["app", "cli", "config", "merge"])),
            &["Config"]
        ),
        NONE
    );
}
