//! Checks what must surround a trigger, and walks the paths that frames name.

use super::{scene::Scene, trigger::Evoked};
use crate::lexicon::frames::{Path, Paths, Trigger};
use crate::linguistics::{Rel, Upos};
use std::collections::BTreeSet;

/// Checks the gates of a trigger.
///
/// # Errors
/// What was expected where, and what was found.
pub fn check(scene: &Scene, evoked: &Evoked, trigger: &Trigger) -> Result<(), String> {
    for (paths, classes) in &trigger.gates {
        let found = fillers(scene, evoked, paths);
        if classes.iter().any(|c| c == "foreign") {
            let own: Vec<String> = under(scene, evoked, &Rel::Subj)
                .iter()
                .flat_map(|&t| countries(scene, t))
                .collect();
            if found.iter().any(|&t| is_foreign(scene, t, &own)) {
                continue;
            }
        }
        if !found
            .iter()
            .any(|&t| classes.iter().any(|c| scene.is(t, c)))
        {
            return Err(format!(
                "expected {} at {}, found {}",
                classes.iter().collect::<Vec<_>>().join(" or "),
                show(paths),
                words(scene, &found)
            ));
        }
    }
    for (paths, classes) in &trigger.not {
        for t in fillers(scene, evoked, paths) {
            // "On Wednesday" is nobody and nothing.
            let refused = |c: &&str| scene.is(t, c) && (*c != "any" || !scene.is_time(t));
            if let Some(class) = classes.iter().find(refused) {
                return Err(format!(
                    "found {class} at {} (`{}`), which this trigger refuses",
                    show(paths),
                    scene.doc.form(t)
                ));
            }
        }
    }
    if trigger.supported
        && evoked.nominal
        && evoked.light.is_none()
        && !scene.graph.down[evoked.token]
            .iter()
            .any(|(r, _)| matches!(r, Rel::Poss | Rel::Prep(_) | Rel::Mod))
    {
        return Err(
            "the noun stands alone: no verb carries it out and no party belongs to it".to_owned(),
        );
    }
    Ok(())
}

fn under(scene: &Scene, evoked: &Evoked, rel: &Rel) -> Vec<usize> {
    at(scene, evoked, &Path::Steps(vec![rel.clone()]))
}

fn countries(scene: &Scene, token: usize) -> Vec<String> {
    let token = scene.antecedent(token).unwrap_or(token);
    scene.actor_at(token).map_or(Vec::new(), |m| {
        m.actors
            .iter()
            .map(|a| a.country.clone())
            .filter(|c| !c.is_empty())
            .collect()
    })
}

/// Another state, a group or body of none: not of those that act.
fn is_foreign(scene: &Scene, token: usize, own: &[String]) -> bool {
    use crate::model::ActorKind;
    scene.actor_at(token).is_some_and(|m| {
        m.actors.iter().any(|a| {
            if a.country.is_empty() {
                matches!(a.kind, ActorKind::Igo | ActorKind::ArmedGroup) && !a.id.is_empty()
            } else {
                !own.contains(&a.country) && a.kind != ActorKind::Ngo
            }
        })
    })
}

/// Tokens at any of the paths, in order of path.
pub fn fillers(scene: &Scene, evoked: &Evoked, paths: &Paths) -> Vec<usize> {
    let mut out = Vec::new();
    for path in &paths.0 {
        for token in at(scene, evoked, path) {
            if !out.contains(&token) {
                out.push(token);
                // "Hundreds of villagers": the collective is who is in it.
                if scene.word_class(token, "collective")
                    || scene.doc.tokens.upos[token] == Upos::Num
                {
                    let inner: Vec<usize> = scene
                        .graph
                        .under(token, &Rel::Prep("of".into()))
                        .filter(|t| !out.contains(t))
                        .collect();
                    out.extend(inner);
                }
            }
        }
    }
    out
}

/// Tokens at one path.
pub fn at(scene: &Scene, evoked: &Evoked, path: &Path) -> Vec<usize> {
    match path {
        Path::Itself => vec![evoked.token],
        Path::Sentence => scene
            .sentence(evoked.token)
            .filter(|&t| t != evoked.token)
            .collect(),
        Path::Clause => {
            let top = evoked.light.unwrap_or(evoked.token);
            scene
                .sentence(evoked.token)
                .filter(|&t| t != evoked.token && scene.graph.is_under(&scene.doc, t, top))
                .collect()
        }
        Path::Head => scene.graph.up[evoked.token]
            .iter()
            .map(|(_, h)| *h)
            .collect(),
        Path::Steps(steps) => {
            let mut now: BTreeSet<usize> = BTreeSet::from([evoked.token]);
            let mut out: Vec<usize> = Vec::new();
            for (i, step) in steps.iter().enumerate() {
                let mut next = BTreeSet::new();
                for &token in &now {
                    next.extend(
                        scene
                            .graph
                            .under(token, step)
                            .filter(|&d| d != evoked.token),
                    );
                    if i == 0
                        && let Some(verb) = evoked.light
                        && (matches!(step, Rel::Subj | Rel::Prep(_) | Rel::Iobj | Rel::Xcomp | Rel::Advcl)
                            // "The strike hit a depot": what its verb does, the noun does.
                            || *step == Rel::Obj && scene.graph.under(verb, &Rel::Subj).any(|s| s == evoked.token))
                    {
                        next.extend(scene.graph.under(verb, step).filter(|&d| d != evoked.token));
                    }
                }
                now = next;
            }
            out.extend(now);
            out
        }
    }
}

fn show(paths: &Paths) -> String {
    let one = |path: &Path| match path {
        Path::Sentence => "sentence".to_owned(),
        Path::Clause => "clause".to_owned(),
        Path::Head => "head".to_owned(),
        Path::Itself => "itself".to_owned(),
        Path::Steps(steps) => steps
            .iter()
            .map(|s| match s {
                Rel::Prep(p) => p.to_string(),
                other => format!("{other:?}").to_lowercase(),
            })
            .collect::<Vec<_>>()
            .join("."),
    };
    paths.0.iter().map(one).collect::<Vec<_>>().join("|")
}

fn words(scene: &Scene, tokens: &[usize]) -> String {
    if tokens.is_empty() {
        return "nothing".to_owned();
    }
    tokens
        .iter()
        .take(6)
        .map(|&t| format!("`{}`", scene.doc.form(t)))
        .collect::<Vec<_>>()
        .join(", ")
}
