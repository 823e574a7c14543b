//! Every method, and what a caller needs for it. What is not in the list is closed to all once callers have to say who
//! they are: a new method stays shut until somebody decides here.

use crate::access::Scope;

/// What is needed for a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Scope(Scope),
    /// To be recognised, whatever for: the protocol is no secret among those who may speak it.
    Anybody,
    /// As before, or nothing where the configuration leaves health open.
    Health,
}

/// A method.
#[derive(Debug)]
pub struct Method {
    /// As in the request: `/package.Service/Method`.
    pub path: &'static str,
    pub needs: Needs,
    /// Whether it stays open for many messages, and counts among a caller's streams.
    pub is_stream: bool,
}

const fn one(path: &'static str, needs: Needs) -> Method {
    Method {
        path,
        needs,
        is_stream: false,
    }
}

const fn many(path: &'static str, needs: Needs) -> Method {
    Method {
        path,
        needs,
        is_stream: true,
    }
}

const INTAKE: Needs = Needs::Scope(Scope::Intake);
const ADMIN: Needs = Needs::Scope(Scope::Admin);
const FEED: Needs = Needs::Scope(Scope::Feed);
const ANALYSIS: Needs = Needs::Scope(Scope::Analysis);

/// All methods.
pub const METHODS: &[Method] = &[
    one("/sitrep.v1.IntakeService/SubmitNewsItem", INTAKE),
    many("/sitrep.v1.IntakeService/StreamNewsItems", INTAKE),
    one("/sitrep.v1.IntakeService/RetractNewsItem", INTAKE),
    // Events come from many callers' items: who takes one back answers for the service.
    one("/sitrep.v1.IntakeService/RetractEvent", ADMIN),
    many("/sitrep.v1.FeedService/Subscribe", FEED),
    one("/sitrep.v1.FeedService/GetFeedInfo", FEED),
    one("/sitrep.v1.FeedService/ListEvents", FEED),
    one("/sitrep.v1.FeedService/GetEvent", FEED),
    one("/sitrep.v1.AnalysisService/AnalyzeNewsItem", ANALYSIS),
    one("/sitrep.v1.AnalysisService/ListEventTypes", ANALYSIS),
    one("/grpc.health.v1.Health/Check", Needs::Health),
    many("/grpc.health.v1.Health/Watch", Needs::Health),
    many(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        Needs::Anybody,
    ),
    many(
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        Needs::Anybody,
    ),
];

/// The method of a request.
pub fn find(path: &str) -> Option<&'static Method> {
    METHODS.iter().find(|m| m.path == path)
}

/// Its name among labels; what is no method of ours has one for all.
pub fn label(method: Option<&'static Method>) -> &'static str {
    method.map_or("other", |m| m.path.trim_start_matches('/'))
}
