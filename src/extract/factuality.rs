//! Whether it happened: composed along the way from the trigger to the top of its sentence.

use super::{scene::Scene, trigger::Evoked, trigger::verb_lemma};
use crate::linguistics::{Deprel, Rel, Upos};
use crate::model::Status;

/// How a happening is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// As an event of this status; the cue is a token.
    As(Status, Option<usize>),
    /// As something that did not happen; the cue is a token.
    Negated(usize),
    /// As a wish, a demand, a fear: not an event of its own.
    Unreal(usize),
}

/// Reads how a trigger is told. `skip` is a verb above it that reports who says so: it is attribution, not factuality.
pub fn read(scene: &Scene, evoked: &Evoked) -> Told {
    let words = &scene.lexicon.language.factuality;
    let speech = &scene.lexicon.language.speech;
    let mut status = Status::Occurred;
    let mut cue = None;
    let set = |new: Status, at: usize, status: &mut Status, cue: &mut Option<usize>| {
        if rank(new) > rank(*status) {
            *status = new;
            *cue = Some(at);
        }
    };
    // "No soldiers were captured": the negation stands before who or what it happened to.
    for (rel, dependent) in &scene.graph.down[evoked.light.unwrap_or(evoked.token)] {
        if matches!(rel, Rel::Subj | Rel::Obj)
            && let Some(&no) = scene.graph.children[*dependent].iter().find(|&&c| {
                matches!(
                    scene.doc.tokens.deprel[c],
                    Deprel::Det | Deprel::CcPreconj | Deprel::Cc | Deprel::Advmod
                ) && matches!(scene.doc.form(c).to_lowercase().as_str(), "no" | "neither")
            })
        {
            return Told::Negated(no);
        }
        if matches!(rel, Rel::Subj | Rel::Obj)
            && matches!(
                scene.doc.form(*dependent).to_lowercase().as_str(),
                "none" | "nobody" | "neither"
            )
        {
            return Told::Negated(*dependent);
        }
    }
    let mut at = evoked.token;
    let mut first = true;
    loop {
        let lemma = verb_lemma(scene, at);
        // What stands beside the word itself.
        for &child in &scene.graph.children[at] {
            let form = scene.doc.form(child).to_lowercase();
            let lemma = scene.doc.tokens.lemma[child].to_lowercase();
            match scene.doc.tokens.deprel[child] {
                Deprel::Advmod | Deprel::Det | Deprel::Cc | Deprel::CcPreconj
                    if words.negation.contains(&form) || words.negation.contains(&lemma) =>
                {
                    return Told::Negated(child);
                }
                Deprel::Case | Deprel::Mark if form == "without" => return Told::Negated(child),
                Deprel::Advmod | Deprel::Amod
                    if words.unconfirmed.contains(&lemma) || words.unconfirmed.contains(&form) =>
                {
                    set(Status::Claimed, child, &mut status, &mut cue)
                }
                Deprel::Amod if first && words.planned.contains(&lemma) => {
                    set(Status::Planned, child, &mut status, &mut cue)
                }
                Deprel::Amod if first && words.threatened.contains(&lemma) => {
                    set(Status::Threatened, child, &mut status, &mut cue)
                }
                Deprel::Amod if first && words.hypothetical.contains(&lemma) => {
                    return Told::Unreal(child);
                }
                Deprel::Aux if words.modal_planned.contains(&form) => {
                    set(Status::Planned, child, &mut status, &mut cue)
                }
                Deprel::Aux if words.modal_hypothetical.contains(&form) => {
                    set(Status::Hypothetical, child, &mut status, &mut cue)
                }
                Deprel::Mark if words.conditional.contains(&form) => {
                    set(Status::Hypothetical, child, &mut status, &mut cue)
                }
                _ => {}
            }
        }
        if first && is_progressive(scene, at) {
            set(Status::Ongoing, at, &mut status, &mut cue);
        }
        let Some(up) = scene.doc.head(at) else { break };
        let relation = scene.doc.tokens.deprel[at];
        let up_lemma = verb_lemma(scene, up);
        let content = matches!(
            relation,
            Deprel::Xcomp
                | Deprel::Ccomp
                | Deprel::Obj
                | Deprel::Nsubj
                | Deprel::NsubjPass
                | Deprel::Acl
                | Deprel::Nmod
                | Deprel::Obl
                | Deprel::Advcl
        );
        if !content {
            // Coordination passes on what governs the first member; a side clause stands for itself.
            if matches!(relation, Deprel::Conj) {
                // "did not attack or shell": negation before the first verb covers both only with "or", "nor".
                let joint = scene.graph.children[at].iter().any(|&c| {
                    scene.doc.tokens.deprel[c] == Deprel::Cc
                        && matches!(scene.doc.form(c).to_lowercase().as_str(), "or" | "nor")
                });
                if !joint {
                    // Only what is above the first member counts, not what stands beside it.
                    let Some(above) = scene.doc.head(up) else {
                        break;
                    };
                    let above_lemma = verb_lemma(scene, above);
                    if matches!(scene.doc.tokens.deprel[up], Deprel::Xcomp | Deprel::Acl) {
                        if words.planned.contains(&above_lemma) {
                            set(Status::Planned, above, &mut status, &mut cue);
                        } else if words.hypothetical.contains(&above_lemma) {
                            return Told::Unreal(above);
                        }
                    }
                    if scene.graph.children[up].iter().any(|&c| {
                        scene.doc.tokens.deprel[c] == Deprel::Aux
                            && words
                                .modal_planned
                                .contains(&scene.doc.form(c).to_lowercase())
                    }) && scene.doc.tokens.xpos[at] == "VB"
                    {
                        set(Status::Planned, up, &mut status, &mut cue);
                    }
                    break;
                }
                first = false;
                at = up;
                continue;
            }
            if matches!(
                relation,
                Deprel::Parataxis
                    | Deprel::AclRelcl
                    | Deprel::Appos
                    | Deprel::Compound
                    | Deprel::Amod
            ) && relation != Deprel::Compound
            {
                break;
            }
        }
        // "... after the ship delivered aid": a side clause with a word of its own in front stands for itself.
        let side = relation == Deprel::Advcl
            && scene.graph.children[at].iter().any(|&c| {
                matches!(scene.doc.tokens.deprel[c], Deprel::Mark | Deprel::Advmod)
                    && matches!(
                        scene.doc.form(c).to_lowercase().as_str(),
                        "after"
                            | "as"
                            | "while"
                            | "when"
                            | "since"
                            | "because"
                            | "although"
                            | "before"
                    )
            });
        if side {
            break;
        }
        let clausal = matches!(relation, Deprel::Xcomp | Deprel::Ccomp | Deprel::Acl);
        let to_infinitive = scene.graph.children[at].iter().any(|&c| {
            scene.doc.form(c).eq_ignore_ascii_case("to")
                && matches!(scene.doc.tokens.deprel[c], Deprel::Mark | Deprel::Aux)
        });
        let own = first;
        let nominal = matches!(
            relation,
            Deprel::Obj | Deprel::Nmod | Deprel::Obl | Deprel::Nsubj | Deprel::NsubjPass
        );
        let light = evoked.light == Some(up);
        if speech.denying.contains(&up_lemma)
            && (clausal || relation == Deprel::Obj || relation == Deprel::Advcl)
        {
            return Told::Negated(up);
        }
        // "Dismissed as baseless reports that rebels had kidnapped a priest".
        let hearsay = matches!(
            lemma.as_str(),
            "report" | "claim" | "allegation" | "accusation" | "rumour" | "rumor" | "suggestion"
        );
        if hearsay
            && relation == Deprel::Obj
            && matches!(
                up_lemma.as_str(),
                "dismiss" | "reject" | "deny" | "refute" | "rebut" | "brush aside"
            )
        {
            return Told::Negated(up);
        }
        if words.negative_noun.contains(&up_lemma)
            && matches!(relation, Deprel::Nmod | Deprel::Acl)
            && own
        {
            return Told::Negated(up);
        }
        if words.negative.contains(&up_lemma)
            && (clausal || relation == Deprel::Obj || relation == Deprel::Obl)
        {
            return Told::Negated(up);
        }
        if clausal
            || light
            || nominal && matches!(relation, Deprel::Obj | Deprel::Obl | Deprel::Nmod)
            || relation == Deprel::Advcl && to_infinitive
        {
            if words.threatened.contains(&up_lemma) && (clausal || nominal) {
                set(Status::Threatened, up, &mut status, &mut cue);
            } else if words.planned.contains(&up_lemma)
                && (to_infinitive || nominal && own || relation == Deprel::Ccomp)
                && !light
            {
                set(Status::Planned, up, &mut status, &mut cue);
            } else if words.hypothetical.contains(&up_lemma)
                && (to_infinitive
                    || nominal && own
                    || relation == Deprel::Ccomp
                    || relation == Deprel::Acl)
                && !light
            {
                return Told::Unreal(up);
            } else if words.ongoing.contains(&up_lemma) {
                set(Status::Ongoing, up, &mut status, &mut cue);
            } else if to_infinitive && relation == Deprel::Advcl {
                // A purpose: not yet done; of those who met or set out for it, a plan.
                let sets_out = matches!(
                    up_lemma.as_str(),
                    "meet"
                        | "gather"
                        | "sit down"
                        | "sit"
                        | "convene"
                        | "arrive"
                        | "travel"
                        | "fly"
                        | "go"
                        | "come"
                        | "return"
                );
                // "Travelled to Berlin to meet the chancellor": who has gone has met.
                let gone = sets_out
                    && scene.doc.tokens.xpos[up] == "VBD"
                    && !matches!(
                        up_lemma.as_str(),
                        "meet" | "gather" | "sit" | "sit down" | "convene"
                    );
                let told = if gone {
                    Status::Occurred
                } else if sets_out {
                    Status::Planned
                } else {
                    Status::Hypothetical
                };
                set(told, at, &mut status, &mut cue);
            } else if to_infinitive
                && relation == Deprel::Xcomp
                && !words.factual.contains(&up_lemma)
                && !words.ongoing.contains(&up_lemma)
                && lemma != up_lemma
                && scene.doc.tokens.upos[at] == Upos::Verb
            {
                set(Status::Planned, up, &mut status, &mut cue);
            }
        }
        if speech.claiming.contains(&up_lemma) && clausal {
            set(Status::Claimed, up, &mut status, &mut cue);
        }
        // What is said is judged by itself: "the ministry did not say that ..." is rare, "said it would not" is common.
        let reporting = relation == Deprel::Ccomp
            && (speech.neutral.contains(&up_lemma) || speech.claiming.contains(&up_lemma));
        if reporting
            || relation == Deprel::Nsubj && !light
            || relation == Deprel::NsubjPass && !light
        {
            break;
        }
        if nominal && !light && scene.doc.tokens.upos[up] == Upos::Verb {
            // An argument of another act: that act's modality is not its own.
            break;
        }
        first = false;
        at = up;
    }
    if status == Status::Hypothetical
        && let Some(cue) = cue
    {
        return Told::As(status, Some(cue));
    }
    Told::As(status, cue)
}

/// The more it takes away from the plain fact, the higher.
fn rank(status: Status) -> u8 {
    match status {
        Status::Occurred => 0,
        Status::Ongoing => 1,
        Status::Claimed => 2,
        Status::Planned => 3,
        Status::Threatened => 4,
        Status::Hypothetical => 5,
        Status::Denied => 6,
    }
}

/// "is shelling", "are meeting" — but "is meeting on Thursday" is a plan, which its time says.
fn is_progressive(scene: &Scene, verb: usize) -> bool {
    scene.doc.tokens.xpos[verb] == "VBG"
        && scene.graph.children[verb].iter().any(|&c| {
            scene.doc.tokens.deprel[c] == Deprel::Aux
                && matches!(
                    scene.doc.form(c).to_lowercase().as_str(),
                    "is" | "are" | "'re" | "'s" | "’s" | "been"
                )
        })
}
