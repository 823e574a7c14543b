//! `sitrep explain`: how an item is read, for a person's eyes.

mod joining;

use super::analyze;
use super::items::{About, Format};
use super::knowledge::Knowledge;
use super::lines::{actor, event, place, plain, status_word, when};
use super::sources::{self, Flow};
use crate::config::{Config, Flags};
use crate::wire::v1::{
    AnalyzeNewsItemResponse, Event, ExplainedCandidate, ExplainedSentence, Explanation, Quantity,
    Report, Span,
};
use anstyle::{AnsiColor, Style};
use joining::Joining;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

const HEAD: Style = Style::new().bold().underline();
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const YES: Style = AnsiColor::Green.on_default();
const NO: Style = AnsiColor::Yellow.on_default();

/// Show how items are read: sentences with their trees, who and where was found, what became an event and what did not, and why; and of
/// several items, which events they share, with the parts of each score.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  sitrep explain --published-at 2026-03-03 article.txt
  echo 'Iran denied attacking the tanker.' | sitrep explain --input text -
  sitrep explain --no-trees items.jsonl | less -R")]
pub struct Explain {
    /// Files, folders, or - for standard input.
    #[arg(required = true, value_name = "FILES|-")]
    inputs: Vec<PathBuf>,
    /// How the inputs hold items; by extension when left out, jsonl for -.
    #[arg(long, value_enum)]
    input: Option<Format>,
    /// Configuration file whose section `merge` holds; the defaults when left out.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Leave the trees out.
    #[arg(long)]
    no_trees: bool,
    #[command(flatten)]
    about: About,
    #[command(flatten)]
    knowledge: Knowledge,
}

pub fn run(explain: &Explain) -> anyhow::Result<ExitCode> {
    let sources = sources::expand(&explain.inputs)?;
    let engine = Arc::new(explain.knowledge.engine()?);
    let flags = Flags {
        config: explain.config.clone(),
        ..Flags::default()
    };
    let settings = Config::load(&flags, [])?.merge;
    let mut joining = Joining::new(explain.knowledge.ledgers(&engine, settings)?.fresh());
    let mut out = anstream::stdout().lock();
    let mut faults = 0;
    let mut ended = Ok(());
    sources::read(&sources, explain.input, &mut |raw, _| {
        let read = analyze::read(&engine, &raw, &explain.about, true);
        let shown = match read {
            Ok(read) => show(&mut out, &read.answer, !explain.no_trees)
                .and_then(|()| joining.show(&mut out, &read.item, read.reports))
                .and_then(|()| writeln!(out)),
            Err(fault) => {
                faults += 1;
                writeln!(
                    out,
                    "{HEAD}{}{HEAD:#}\n{NO}{}{NO:#}: {}\n",
                    raw.origin,
                    fault.reason,
                    plain(&fault.message)
                )
            }
        };
        ended = shown.and_then(|()| out.flush());
        if ended.is_ok() {
            Flow::GoOn
        } else {
            Flow::Stop
        }
    })?;
    ended?;
    Ok(if faults == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn show(out: &mut impl Write, answer: &AnalyzeNewsItemResponse, trees: bool) -> io::Result<()> {
    writeln!(
        out,
        "{HEAD}{}{HEAD:#} {DIM}language {}{DIM:#}",
        plain(&answer.item_id),
        plain(&answer.language)
    )?;
    for warning in &answer.warnings {
        writeln!(
            out,
            "{NO}{}{NO:#}: {}",
            warning.reason,
            plain(&warning.message)
        )?;
    }
    if let Some(explanation) = &answer.explanation {
        show_explanation(out, explanation, trees)?;
    }
    writeln!(
        out,
        "\n{BOLD}Events{BOLD:#} {DIM}({}){DIM:#}",
        answer.events.len()
    )?;
    for event in &answer.events {
        show_event(out, event)?;
    }
    Ok(())
}

fn show_explanation(
    out: &mut impl Write,
    explanation: &Explanation,
    trees: bool,
) -> io::Result<()> {
    for (number, sentence) in explanation.sentences.iter().enumerate() {
        writeln!(
            out,
            "\n{BOLD}{}{BOLD:#} {}",
            number + 1,
            words(sentence.span.as_ref())
        )?;
        if trees {
            show_tree(out, sentence)?;
        }
        for mention in &sentence.mentions {
            let resolved = if mention.resolved_to.is_empty() {
                "not resolved"
            } else {
                &mention.resolved_to
            };
            writeln!(
                out,
                "    {:<6} {} {DIM}→{DIM:#} {} {DIM}({}){DIM:#}",
                plain(&mention.kind),
                words(mention.span.as_ref()),
                plain(resolved),
                plain(&mention.rule)
            )?;
        }
        let inside = |candidate: &&ExplainedCandidate| {
            within(candidate.trigger.as_ref(), sentence.span.as_ref())
        };
        for candidate in explanation.candidates.iter().filter(inside) {
            show_candidate(out, candidate)?;
        }
    }
    // A candidate belongs to a sentence; one that does not is shown all the same.
    let anywhere = |candidate: &ExplainedCandidate| {
        explanation
            .sentences
            .iter()
            .any(|s| within(candidate.trigger.as_ref(), s.span.as_ref()))
    };
    for candidate in explanation
        .candidates
        .iter()
        .filter(|candidate| !anywhere(candidate))
    {
        show_candidate(out, candidate)?;
    }
    Ok(())
}

fn within(inner: Option<&Span>, outer: Option<&Span>) -> bool {
    let (Some(inner), Some(outer)) = (inner, outer) else {
        return false;
    };
    inner.part == outer.part && inner.start >= outer.start && inner.end <= outer.end
}

fn words(span: Option<&Span>) -> String {
    plain(span.map_or("", |span| &span.text))
}

/// The tree as an outline: each word below its head, in text order, with its relation and part of speech.
fn show_tree(out: &mut impl Write, sentence: &ExplainedSentence) -> io::Result<()> {
    let tokens = &sentence.tokens;
    let mut children = vec![Vec::new(); tokens.len()];
    let mut roots = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match usize::try_from(token.head)
            .ok()
            .filter(|head| *head < tokens.len() && *head != index)
        {
            Some(head) => children[head].push(index),
            None => roots.push(index),
        }
    }
    // A stack of its own: the depth of a tree is not ours to choose.
    let mut stack: Vec<(usize, usize)> = roots.iter().rev().map(|root| (*root, 0)).collect();
    let mut shown = 0;
    while let Some((index, depth)) = stack.pop() {
        let token = &tokens[index];
        writeln!(
            out,
            "    {DIM}{}{:<12}{DIM:#} {} {DIM}{} {}{DIM:#}",
            "· ".repeat(depth.min(20)),
            token.deprel,
            plain(&token.form),
            token.upos,
            plain(&token.lemma)
        )?;
        shown += 1;
        if shown > tokens.len() {
            break;
        }
        stack.extend(
            children[index]
                .iter()
                .rev()
                .map(|child| (*child, depth + 1)),
        );
    }
    Ok(())
}

fn show_candidate(out: &mut impl Write, candidate: &ExplainedCandidate) -> io::Result<()> {
    let (mark, style) = if candidate.accepted {
        ("✓", YES)
    } else {
        ("✗", NO)
    };
    writeln!(
        out,
        "    {style}{mark} {}{style:#} {BOLD}{}{BOLD:#} {DIM}{:.2}{DIM:#}",
        plain(&candidate.r#type),
        words(candidate.trigger.as_ref()),
        candidate.score
    )?;
    for step in &candidate.steps {
        writeln!(out, "      {DIM}{}{DIM:#}", plain(step))?;
    }
    Ok(())
}

fn show_event(out: &mut impl Write, found: &Event) -> io::Result<()> {
    writeln!(out, "  {}", event(found))?;
    let Some(report) = found.reports.first() else {
        return Ok(());
    };
    for (label, value) in fields(report) {
        if !value.is_empty() {
            writeln!(out, "      {DIM}{label:<12}{DIM:#} {}", plain(&value))?;
        }
    }
    Ok(())
}

fn fields(report: &Report) -> Vec<(&'static str, String)> {
    let actors = |list: &[crate::wire::v1::Actor]| {
        let shown: Vec<String> = list
            .iter()
            .map(|a| {
                if a.id.is_empty() {
                    actor(a).to_string()
                } else {
                    format!("{} ({})", actor(a), a.id)
                }
            })
            .collect();
        shown.join(", ")
    };
    let cue = report
        .status_cue
        .as_ref()
        .map(|cue| format!(" ({})", cue.text))
        .unwrap_or_default();
    vec![
        (
            "evidence",
            report
                .evidence
                .as_ref()
                .map(|span| span.text.clone())
                .unwrap_or_default(),
        ),
        (
            "trigger",
            report
                .trigger
                .as_ref()
                .map(|span| span.text.clone())
                .unwrap_or_default(),
        ),
        ("initiators", actors(&report.initiators)),
        ("targets", actors(&report.targets)),
        ("participants", actors(&report.participants)),
        (
            "place",
            report.location.as_ref().map(place).unwrap_or_default(),
        ),
        (
            "time",
            report
                .time
                .as_ref()
                .map(|t| match t.text.as_str() {
                    "" => format!("{} (not stated: the day of the report)", when(t)),
                    text => format!("{} (\"{text}\")", when(t)),
                })
                .unwrap_or_default(),
        ),
        ("status", format!("{}{cue}", status_word(report.status()))),
        (
            "says",
            report
                .attribution
                .as_ref()
                .map(|a| actor(a).to_string())
                .unwrap_or_default(),
        ),
        (
            "numbers",
            report
                .quantities
                .iter()
                .map(quantity)
                .collect::<Vec<_>>()
                .join(", "),
        ),
    ]
}

/// "49 drone launched", "at least 3 person killed".
fn quantity(quantity: &Quantity) -> String {
    use crate::wire::v1::quantity::{Approximation, Role};
    let how = match quantity.approximation() {
        Approximation::AtLeast => "at least ",
        Approximation::About => "about ",
        Approximation::AtMost => "at most ",
        _ => "",
    };
    let range = quantity
        .max_value
        .map(|max| format!(" to {max}"))
        .unwrap_or_default();
    let role = match quantity.role() {
        Role::Other | Role::Unspecified => String::new(),
        role => format!(
            " {}",
            role.as_str_name()
                .trim_start_matches("ROLE_")
                .to_lowercase()
        ),
    };
    format!("{how}{}{range} {}{role}", quantity.value, quantity.unit)
}
