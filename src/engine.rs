//! normalise … resolve as one pure function: (lexicon, models, item) → reading.
//!
//! No clock, no file and no task inside: the same item gives the same reading, however many threads run.

mod explain;
mod stage;

pub use stage::Stage;

use crate::extract::{
    circumstance,
    context::{self, Context},
    event::{self, Reader, Setting},
    fold,
    heard::Heard,
    judgement::Judgement,
    number, quantity,
    scene::Scene,
    sides, toll,
    trigger::TriggerIndex,
};
use crate::lexicon::{Files, Lexicon, Ontology};
use crate::linguistics::{Deprel, Graph, Linguistics, Profile, mend};
use crate::model::{self, ActorKind, Explanation, NewsItem, Part, Reading};
use crate::normalise::{self, BlockKind, Normalised, NormalisedPart};
use crate::resolve::{
    actor,
    coreference::Before,
    place, surname,
    time::{self, TimeKind},
};
use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::{Arc, Mutex},
};

/// Why an engine can't be built.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Lexicon(#[from] crate::lexicon::Error),
    #[error(transparent)]
    Linguistics(#[from] crate::linguistics::Error),
    #[error("judgement.toml inside the program: {0}")]
    Judgement(String),
    #[error("expected a folder with a lexicon at {path}, found: {source}")]
    Folder {
        path: String,
        source: std::io::Error,
    },
}

/// Reads news items. Immutable; shared by all threads.
pub struct Engine {
    lexicon: Arc<Lexicon>,
    linguistics: Linguistics,
    triggers: TriggerIndex,
    heard: Heard,
    judgement: Judgement,
    /// Words whose sentences are read in any case.
    admits: HashSet<String>,
    stamp: model::Engine,
    /// Who the sources met so far are: their names come again and again.
    issuers: Mutex<HashMap<String, Option<model::Actor>>>,
}

/// Sources whose names are kept as read.
const SOURCES: usize = 4096;

impl Engine {
    /// With the lexicon and the weights inside the binary.
    pub fn embedded() -> Result<Engine, Error> {
        Engine::with(&Files::embedded(), Profile::default())
    }

    /// With a lexicon folder on disk.
    pub fn load(folder: &Path, profile: Profile) -> Result<Engine, Error> {
        let files = Files::folder(folder).map_err(|source| Error::Folder {
            path: folder.display().to_string(),
            source,
        })?;
        Engine::with(&files, profile)
    }

    /// With the files of a lexicon and the weights of a profile.
    pub fn with(files: &Files, profile: Profile) -> Result<Engine, Error> {
        Engine::with_linguistics(files, Linguistics::embedded(profile)?)
    }

    /// With the files of a lexicon and a reader of trees.
    pub fn with_linguistics(files: &Files, linguistics: Linguistics) -> Result<Engine, Error> {
        let lexicon = Arc::new(Lexicon::load(files)?);
        let triggers = TriggerIndex::of(&lexicon);
        let heard = Heard::new(linguistics.types(), &lexicon);
        let (judgement, digest) = embedded_judgement()?;
        let admits = lexicon.frames.iter().flat_map(|f| f.admits.iter().cloned());
        let admits = admits.collect();
        let stamp = model::Engine {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            lexicon_digest: lexicon.digest.clone(),
            model_digest: digest_of(linguistics.digest(), digest),
        };
        Ok(Engine {
            lexicon,
            linguistics,
            triggers,
            heard,
            judgement,
            admits,
            stamp,
            issuers: Mutex::default(),
        })
    }

    /// What reads: version and digests.
    pub fn stamp(&self) -> &model::Engine {
        &self.stamp
    }

    /// The types of events.
    pub fn ontology(&self) -> &Arc<Ontology> {
        &self.lexicon.ontology
    }

    /// The lexicon that it reads with.
    pub fn lexicon(&self) -> &Arc<Lexicon> {
        &self.lexicon
    }

    /// Whether nothing of a text is read, because no sentence of it may hold an event.
    pub fn turns_away(&self, text: &str) -> bool {
        let whole = 0..text.len();
        let document = self.linguistics.read_news(text, &[whole], &self.admits);
        !document.tokens.deprel.contains(&Deprel::Root)
    }

    /// Reads an item: its reports in text order, one an event.
    pub fn read(&self, item: &NewsItem) -> Reading {
        self.run(item, None, &mut |_| {})
    }

    /// Reads an item, and tells after each stage that it is over; title and text take turns.
    pub fn read_in_stages(&self, item: &NewsItem, over: &mut dyn FnMut(Stage)) -> Reading {
        self.run(item, None, over)
    }

    /// Reads an item and tells how.
    pub fn explain(&self, item: &NewsItem) -> (Reading, Explanation) {
        let mut explanation = Explanation::default();
        let reading = self.run(item, Some(&mut explanation), &mut |_| {});
        (reading, explanation)
    }

    fn run(
        &self,
        item: &NewsItem,
        mut explanation: Option<&mut Explanation>,
        over: &mut dyn FnMut(Stage),
    ) -> Reading {
        let normalised = normalise::normalise(item);
        over(Stage::Normalise);
        // "en-GB" is English, and so is what is too short to tell.
        let is_supported = normalised.is_supported();
        let Normalised {
            parts,
            warnings,
            language,
        } = normalised;
        let mut reading = Reading {
            reports: Vec::new(),
            warnings,
            language,
        };
        if !is_supported {
            return reading;
        }
        let day = item
            .published_at
            .map(|t| jiff::tz::Offset::UTC.to_datetime(t).date());
        let dateline = parts.iter().find_map(|p| {
            p.dateline
                .as_ref()
                .and_then(|d| d.date.clone())
                .map(|r| &p.text[r])
        });
        let reference = time::reference(item.published_at, dateline);
        let reader = Reader {
            index: &self.triggers,
            heard: &self.heard,
            judgement: &self.judgement,
        };
        let mut before = Before::default();
        let mut surnames = std::collections::HashMap::new();
        let mut places = place::Context::new(&self.lexicon.places);
        let mut context = Context {
            issuer: self.issuer(&item.source),
            ..Context::default()
        };
        before.issuer.clone_from(&context.issuer);
        let mut reports = Vec::new();
        for part in &parts {
            let scene = self.scene(part, reference, day, &mut surnames);
            over(Stage::Parse);
            for actor in scene
                .actors
                .iter()
                .flat_map(|m| &m.actors)
                .filter(|a| !a.country.is_empty())
            {
                places.add_country(&actor.country, 0.6);
            }
            places.learn(&scene.places);
            let elsewhere = elsewhere(&scene, 0..scene.doc.len());
            // Where the reports of the sentence before begin.
            let mut previous = reports.len();
            for sentence in scene.doc.sentences.clone() {
                let from = reports.len();
                let counted = quantity::find(&scene, sentence.clone());
                let mut candidates = Vec::new();
                let setting = Setting {
                    published_at: item.published_at,
                    elsewhere: elsewhere.max(self::elsewhere(&scene, sentence.clone()) * 0.5),
                };
                reports.extend(event::of_sentence(
                    &scene,
                    &before,
                    reader,
                    sentence.clone(),
                    setting,
                    &places,
                    &counted,
                    &mut candidates,
                ));
                if reports.len() == from {
                    let military = sentence_is_of_war(&scene, sentence.start);
                    let told = reports[previous..from].iter_mut().rev();
                    toll::goes_on(told, counted, military);
                }
                previous = from;
                if let Some(explanation) = explanation.as_deref_mut() {
                    explain::sentence(&scene, sentence, candidates, explanation);
                }
            }
            let named = scene
                .times
                .iter()
                .filter(|m| !m.background && matches!(m.kind, TimeKind::Within | TimeKind::Since));
            let named = named.filter_map(|m| circumstance::time_value(&scene, m));
            let named = named.filter(|t| context::carries(t, item.published_at));
            context.times.extend(named);
            context.foes.extend(sides::foes(&scene));
            before.mentions.extend(scene.actors.iter().cloned());
            over(Stage::Extract);
        }
        reading.reports = fold::fold(reports, &self.lexicon.ontology);
        reading.reports.sort_by_key(|r| {
            (
                r.evidence.part == Part::Title,
                r.trigger.start,
                r.trigger.end,
            )
        });
        context::complete(
            &mut reading.reports,
            &context,
            item.published_at,
            &self.lexicon,
        );
        for report in &mut reading.reports {
            report.item_id.clone_from(&item.item_id);
            report.item_version = item.version;
            report.source.clone_from(&item.source);
            report.url.clone_from(&item.url);
            report.published_at = item.published_at;
        }
        over(Stage::Complete);
        reading
    }

    /// Who issued an item, where its source is the name of somebody who acts: a ministry, an army, a body of states. Newspapers
    /// and agencies only report.
    fn issuer(&self, source: &str) -> Option<model::Actor> {
        if source.is_empty() || source.len() > 60 {
            return None;
        }
        let mut known = self.issuers.lock().unwrap_or_else(|e| e.into_inner());
        if let Some(known) = known.get(source) {
            return known.clone();
        }
        let read = self.read_issuer(source);
        if known.len() >= SOURCES {
            known.clear();
        }
        known.insert(source.to_owned(), read.clone());
        read
    }

    fn read_issuer(&self, source: &str) -> Option<model::Actor> {
        let doc = self
            .linguistics
            .read(source, std::slice::from_ref(&(0..source.len())));
        // Of no day: who issues is an institution, whoever leads it.
        let mentions = actor::find(&doc, 0..doc.len(), &self.lexicon.actors, None);
        let mention = mentions.iter().find(|m| m.tokens == (0..doc.len()))?;
        let actor = mention
            .actors
            .first()
            .filter(|_| mention.actors.len() == 1)?;
        let acts = matches!(
            actor.kind,
            ActorKind::State
                | ActorKind::Government
                | ActorKind::Military
                | ActorKind::ArmedGroup
                | ActorKind::Igo
        );
        acts.then(|| model::Actor {
            surface: source.to_owned(),
            span: model::Span::default(),
            ..actor.clone()
        })
    }

    /// Reads one part: sentences, trees and mentions.
    fn scene<'a>(
        &'a self,
        part: &'a NormalisedPart,
        reference: Option<jiff::Timestamp>,
        day: Option<jiff::civil::Date>,
        surnames: &mut std::collections::HashMap<String, model::Actor>,
    ) -> Scene<'a> {
        let start = part.dateline.as_ref().map_or(0, |d| d.range.end);
        let blocks: Vec<std::ops::Range<usize>> = part
            .blocks
            .iter()
            .filter(|b| {
                matches!(
                    b.kind,
                    BlockKind::Body | BlockKind::Heading | BlockKind::Caption
                )
            })
            .map(|b| b.range.start.max(start.min(b.range.end))..b.range.end)
            .filter(|r| !r.is_empty())
            .collect();
        let mut doc = self
            .linguistics
            .read_news(&part.text, &blocks, &self.admits);
        let reporting = &self.lexicon.language.speech.neutral;
        mend::reported_clauses(&mut doc, reporting);
        mend::reported_headlines(&mut doc, reporting);
        let graph = Graph::of(&doc);
        let (mut actors, mut found_places, mut times, mut numbers) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for sentence in &doc.sentences {
            actors.extend(actor::find(
                &doc,
                sentence.clone(),
                &self.lexicon.actors,
                day,
            ));
            found_places.extend(place::find(&doc, sentence.clone(), &self.lexicon.places));
            times.extend(time::find(&doc, sentence.clone(), reference));
            numbers.extend(number::find(&doc, sentence.clone()));
        }
        surname::spread(&doc, &mut actors, surnames);
        Scene::new(
            part.part,
            doc,
            graph,
            part,
            actors,
            found_places,
            times,
            numbers,
            &self.lexicon,
        )
    }
}

/// Stands for the weights and for the judgement of what they say: 16 bytes in hex.
fn digest_of(weights: &str, judgement: &[u8]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(weights.as_bytes());
    hasher.update(judgement);
    hasher.finalize().to_hex()[..32].to_owned()
}

fn embedded_judgement() -> Result<(Judgement, &'static [u8]), Error> {
    let file = crate::embedded::MODELS
        .iter()
        .find(|(name, _)| *name == "judgement.toml");
    let bytes = file.map_or(&[][..], |(_, bytes)| *bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| Error::Judgement(e.to_string()))?;
    let judgement = Judgement::parse(text).map_err(Error::Judgement)?;
    Ok((judgement, bytes))
}

/// Whether the heads hear war in the sentence of a token; true where they have no voice.
fn sentence_is_of_war(scene: &Scene, token: usize) -> bool {
    let news = scene.doc.news[scene.doc.sentence_of(token)].as_ref();
    news.is_none_or(|n| n.category[2] >= 0.5)
}

/// How much the words of a range speak of sport, business, crime and the like, and not of war or diplomacy: 0 to 1.
fn elsewhere(scene: &Scene, tokens: std::ops::Range<usize>) -> f64 {
    let domains = &scene.lexicon.language.domains;
    let lemma = |t: usize| scene.doc.tokens.lemma[t].to_lowercase();
    let news = tokens
        .clone()
        .filter(|&t| {
            domains.news.contains(&lemma(t))
                || scene
                    .actor_at(t)
                    .is_some_and(|m| m.role.is_some() && m.tokens.start == t)
        })
        .count() as f64;
    let bait = domains
        .bait
        .values()
        .map(|words| {
            tokens
                .clone()
                .filter(|&t| words.contains(&lemma(t)))
                .count()
        })
        .max()
        .unwrap_or(0) as f64;
    if bait < 2.0 {
        return 0.0;
    }
    ((bait - news) / (bait + news)).clamp(0.0, 1.0)
}
