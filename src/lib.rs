//! sitrep reads news as it arrives and streams the diplomatic and military events in it to subscribed clients.
//!
//! The rooms follow the path of one news item. It comes in through [`service`] and [`intake`], becomes plain text in
//! [`normalise`], sentences with a dependency tree in [`linguistics`], candidate events in [`extract`], and gets its
//! actors, places and times in [`resolve`]; [`engine`] is all of that as one pure function. [`merge`] joins its reports
//! to the events that are already known, [`store`] makes item, events and updates durable in one transaction, and
//! [`feed`] reads the log for every subscriber.

pub mod access;
pub mod app;
pub mod check;
pub mod cli;
pub mod config;
pub mod engine;
pub mod extract;
pub mod feed;
pub mod intake;
pub mod lexicon;
pub mod linguistics;
pub mod merge;
pub mod model;
pub mod normalise;
pub mod resolve;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod wire;

/// Files that travel inside the binary.
pub mod embedded {
    include!(concat!(env!("OUT_DIR"), "/embedded.rs"));
}
