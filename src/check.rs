//! Checks a lexicon: that it loads, that its parts fit together, and that the sentences inside its frames fire and stay silent.

use crate::engine::Engine;
use crate::lexicon::{Error, Files, frames::Frame, frames::MatchExample, frames::status_of};
use crate::model::{Actor, Body, NewsItem, QuantityRole, Report};
use jiff::Timestamp;

/// Day of an example's publication where it names none: a Wednesday.
const DAY: &str = "2026-03-04";

/// Something wrong in a lexicon: where, and what was expected and found.
pub type Finding = Error;

/// How a lexicon did.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    pub frames: usize,
    /// Sentences that must fire, and those that must not.
    pub matches: usize,
    pub rejects: usize,
    /// Of both, those that are marked as gaps.
    pub gaps: usize,
    pub findings: Vec<Finding>,
}

/// Checks the files of a lexicon. What keeps it from loading comes alone; else every finding comes, in order of file.
pub fn check(files: &Files) -> Checked {
    let engine = match Engine::with(files, crate::linguistics::Profile::default()) {
        Ok(engine) => engine,
        Err(crate::engine::Error::Lexicon(error)) => {
            return Checked {
                findings: vec![error],
                ..Checked::default()
            };
        }
        Err(other) => {
            return Checked {
                findings: vec![Error::whole("(weights)", other.to_string())],
                ..Checked::default()
            };
        }
    };
    let mut checked = Checked {
        frames: engine.lexicon().frames.len(),
        findings: structure(&engine, files),
        ..Checked::default()
    };
    for example in examples(&engine, files) {
        match example.which {
            Which::Match(_) => checked.matches += 1,
            Which::Reject(_) => checked.rejects += 1,
        }
        checked.gaps += usize::from(example.gap(&engine).is_some());
        let problems = example.run(&engine).into_iter();
        checked.findings.extend(problems.map(|message| Error {
            file: example.file.clone(),
            line: example.line,
            message,
        }));
    }
    checked
}

/// A sentence of a frame that must or must not fire: a test by itself.
#[derive(Debug, Clone)]
pub struct Example {
    pub file: String,
    /// From 1.
    pub line: usize,
    pub text: String,
    frame: usize,
    which: Which,
}

#[derive(Debug, Clone, Copy)]
enum Which {
    Match(usize),
    Reject(usize),
}

/// Every example of a lexicon, in order of file.
pub fn examples(engine: &Engine, files: &Files) -> Vec<Example> {
    let mut out = Vec::new();
    for (index, (frame, file)) in engine
        .lexicon()
        .frames
        .iter()
        .zip(&engine.lexicon().frame_files)
        .enumerate()
    {
        let source = files.text(file).unwrap_or_default();
        let mut add = |text: &toml::Spanned<String>, which| {
            let line = Error::at(file, source, text.span(), String::new()).line;
            out.push(Example {
                file: file.clone(),
                line,
                text: text.get_ref().clone(),
                frame: index,
                which,
            });
        };
        frame
            .matches
            .iter()
            .enumerate()
            .for_each(|(i, m)| add(&m.text, Which::Match(i)));
        frame
            .rejects
            .iter()
            .enumerate()
            .for_each(|(i, r)| add(&r.text, Which::Reject(i)));
    }
    out
}

impl Example {
    /// Why the engine is known not to manage it.
    pub fn gap<'a>(&self, engine: &'a Engine) -> Option<&'a str> {
        let frame = &engine.lexicon().frames[self.frame];
        match self.which {
            Which::Match(i) => frame.matches[i].gap.as_deref(),
            Which::Reject(i) => frame.rejects[i].gap.as_deref(),
        }
    }

    /// What is wrong; empty when it does what its frame says, or fails as its mark of a gap says.
    pub fn run(&self, engine: &Engine) -> Vec<String> {
        let wrong = self.wrong(engine);
        match self.gap(engine) {
            Some(gap) if wrong.is_empty() => vec![format!(
                "expected a gap (`{gap}`), found none: take the mark out"
            )],
            Some(_) => Vec::new(),
            None => wrong,
        }
    }

    fn wrong(&self, engine: &Engine) -> Vec<String> {
        let frame = &engine.lexicon().frames[self.frame];
        match self.which {
            Which::Match(i) => wrong(engine, frame, &frame.matches[i]),
            Which::Reject(i) => read(engine, &self.text, None)
                .iter()
                .filter(|r| r.event_type == *frame.event_type.get_ref())
                .map(|r| {
                    format!(
                        "expected nothing ({}), found {} by `{}`",
                        frame.rejects[i].why, r.event_type, r.trigger.text
                    )
                })
                .collect(),
        }
    }
}

/// What is wrong with the frames of a lexicon themselves, their sentences left aside.
pub fn structure_of(files: &Files) -> Vec<Finding> {
    Engine::with(files, crate::linguistics::Profile::default()).map_or_else(
        |e| vec![Error::whole("(lexicon)", e.to_string())],
        |engine| structure(&engine, files),
    )
}

/// The type is known, and so is every class that a gate names.
fn structure(engine: &Engine, files: &Files) -> Vec<Finding> {
    let lexicon = engine.lexicon();
    let mut out = Vec::new();
    for (frame, file) in lexicon.frames.iter().zip(&lexicon.frame_files) {
        let text = files.text(file).unwrap_or_default();
        let mut find =
            |message: String| out.push(Error::at(file, text, frame.event_type.span(), message));
        if lexicon.ontology.get(frame.event_type.get_ref()).is_none() {
            find(format!(
                "expected a type of ontology.toml, found `{}`",
                frame.event_type.get_ref()
            ));
        }
        let gates = frame
            .triggers
            .iter()
            .flat_map(|t| t.gates.values().chain(t.not.values()))
            .flat_map(|c| c.iter());
        let roles = frame
            .triggers
            .iter()
            .map(|t| &t.roles)
            .chain([&frame.roles]);
        let kinds = roles
            .flat_map(|r| {
                r.initiator_is
                    .iter()
                    .chain(&r.target_is)
                    .chain(&r.participant_is)
            })
            .map(String::as_str);
        for class in gates.chain(kinds) {
            if !class.starts_with('=')
                && !BUILT_IN.contains(&class)
                && !lexicon.classes.knows(class)
            {
                find(format!(
                    "expected a class of classes.toml, a built-in one ({}) or `=lemma`, found `{class}`",
                    BUILT_IN.join(", ")
                ));
            }
        }
    }
    out
}

/// Classes that the engine knows by itself.
const BUILT_IN: [&str; 19] = [
    "any",
    "number",
    "place",
    "plural",
    "actor",
    "named",
    "state",
    "igo",
    "ngo",
    "government",
    "military",
    "group",
    "population",
    "person",
    "political",
    "armed",
    "human",
    "pronoun",
    "foreign",
];

/// Reads a sentence as an item published on a day.
fn read(engine: &Engine, text: &str, date: Option<&str>) -> Vec<Report> {
    let published_at: Option<Timestamp> = format!("{}T12:00:00Z", date.unwrap_or(DAY)).parse().ok();
    let item = NewsItem {
        item_id: "example".to_owned(),
        version: 1,
        source: "example".to_owned(),
        url: String::new(),
        title: String::new(),
        body: Body::Text(text.to_owned()),
        published_at,
        language: "en".to_owned(),
    };
    engine.read(&item).reports
}

/// What is wrong with a sentence that must fire; empty when nothing is.
fn wrong(engine: &Engine, frame: &Frame, example: &MatchExample) -> Vec<String> {
    let all = read(engine, example.text.get_ref(), example.date.as_deref());
    let event_type = frame.event_type.get_ref();
    let reports: Vec<&Report> = all.iter().filter(|r| r.event_type == *event_type).collect();
    let wanted = example.count.unwrap_or(1);
    if reports.len() != wanted {
        let found: Vec<&str> = all.iter().map(|r| r.event_type.as_str()).collect();
        return vec![format!(
            "expected {wanted} {event_type}, found {}: {}",
            reports.len(),
            match found.is_empty() {
                true if engine.turns_away(example.text.get_ref()) =>
                    "nothing, because the sentence does not look like news of war or diplomacy and was not read: \
                     add a word of it to the frame's `admits`"
                        .to_owned(),
                true => "nothing".to_owned(),
                false => found.join(", "),
            }
        )];
    }
    let Some(first) = reports.first() else {
        return Vec::new();
    };
    // Of several events the one that fits best is meant.
    reports
        .iter()
        .map(|r| fields(r, example))
        .min_by_key(Vec::len)
        .unwrap_or_else(|| fields(first, example))
}

fn fields(report: &Report, example: &MatchExample) -> Vec<String> {
    let mut out = Vec::new();
    for (role, wanted, found) in [
        ("initiators", &example.initiators, &report.initiators),
        ("targets", &example.targets, &report.targets),
        ("participants", &example.participants, &report.participants),
    ] {
        for name in wanted {
            if !found.iter().any(|a| is(a, name)) {
                out.push(format!(
                    "expected `{name}` among the {role}, found {}",
                    names(found)
                ));
            }
        }
    }
    if let Some(place) = &example.place {
        let found = report.location.as_ref().map_or("none", |l| l.name.as_str());
        let admin1 = report.location.as_ref().map_or("", |l| l.admin1.as_str());
        if !found.eq_ignore_ascii_case(place)
            && admin1 != place
            && !(place == "none" && report.location.is_none())
        {
            out.push(format!("expected the place `{place}`, found {found}"));
        }
    }
    if let Some(time) = &example.time {
        let day = |t: Timestamp| t.to_string()[..10].to_owned();
        let found = report.time.as_ref().map_or("none".to_owned(), |t| {
            let (start, end) = (day(t.start), day(t.end));
            if start == end {
                start
            } else {
                format!("{start}/{end}")
            }
        });
        if found != *time {
            out.push(format!("expected the time {time}, found {found}"));
        }
    }
    if let Some(status) = example.status.as_deref().and_then(status_of)
        && report.status != status
    {
        out.push(format!(
            "expected the status {status:?}, found {:?}",
            report.status
        ));
    }
    if let Some(claimant) = &example.claimant {
        let found = report.attribution.as_ref();
        if !found.map_or(claimant == "none", |a| is(a, claimant)) {
            out.push(format!(
                "expected the claimant `{claimant}`, found {}",
                found.map_or("none".to_owned(), |a| names(std::slice::from_ref(a)))
            ));
        }
    }
    for wanted in &example.quantities {
        let found: Vec<String> = report
            .quantities
            .iter()
            .map(|q| format!("{} {} {}", role(q.role), q.value, q.unit))
            .collect();
        if !found.contains(wanted) {
            out.push(format!(
                "expected the quantity `{wanted}`, found {}",
                if found.is_empty() {
                    "none".to_owned()
                } else {
                    found.join(", ")
                }
            ));
        }
    }
    out
}

fn is(actor: &Actor, name: &str) -> bool {
    actor.id == name
        || actor.name.eq_ignore_ascii_case(name)
        || actor.surface.eq_ignore_ascii_case(name)
        || actor.country == name
        || actor.id.starts_with(&format!("{name}."))
}

fn names(actors: &[Actor]) -> String {
    if actors.is_empty() {
        return "none".to_owned();
    }
    actors
        .iter()
        .map(|a| {
            format!(
                "`{}` ({})",
                a.name,
                if a.id.is_empty() { "no id" } else { &a.id }
            )
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn role(role: QuantityRole) -> &'static str {
    match role {
        QuantityRole::Launched => "launched",
        QuantityRole::Intercepted => "intercepted",
        QuantityRole::Hit => "hit",
        QuantityRole::Killed => "killed",
        QuantityRole::Wounded => "wounded",
        QuantityRole::Captured => "captured",
        QuantityRole::Displaced => "displaced",
        QuantityRole::Deployed => "deployed",
        QuantityRole::Amount => "amount",
        QuantityRole::Other => "other",
    }
}
