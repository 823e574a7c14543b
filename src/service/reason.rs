//! Every reason that an error can give, in one list.

use tonic::Code;

/// Why a request was refused: what `ErrorInfo.reason` says, under the domain `sitrep`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    /// UPPER_SNAKE_CASE; never changes.
    pub name: &'static str,
    pub code: Code,
    /// For the reader of the manual.
    pub meaning: &'static str,
}

/// The domain of all reasons.
pub const DOMAIN: &str = "sitrep";

macro_rules! reasons {
    ($($constant:ident, $code:ident, $meaning:literal;)+) => {
        $(
            #[doc = $meaning]
            pub const $constant: Reason = Reason {
                name: stringify!($constant),
                code: Code::$code,
                meaning: $meaning,
            };
        )+
        /// All of them, in the order of the manual.
        pub const ALL: &[Reason] = &[$($constant),+];
    };
}

reasons! {
    FIELD_INVALID, InvalidArgument, "A field breaks a rule; BadRequest names each one with what was expected and found.";
    MESSAGE_TOO_LARGE, InvalidArgument, "The message is larger than 4 MiB, or becomes so when it is decompressed.";
    MESSAGE_UNREADABLE, InvalidArgument, "The message is not what the protocol says, or is compressed in an unknown way.";
    METHOD_UNKNOWN, Unimplemented, "There is no such service or method; reflection lists those that there are.";
    ITEM_EXISTS, AlreadyExists, "The item id is taken by other content, and the version is not higher.";
    ITEM_UNKNOWN, NotFound, "No item with this id is stored.";
    EVENT_UNKNOWN, NotFound, "No event with this id is stored.";
    CURSOR_EXPIRED, OutOfRange, "Updates after this position or time are no longer retained; `oldest_cursor` is where the log begins.";
    CURSOR_FOREIGN, FailedPrecondition, "The cursor belongs to another log, or lies past the end of this one.";
    INTAKE_FULL, ResourceExhausted, "More items are waiting to be read than the queue holds; try again after the time given.";
    SUBSCRIPTIONS_FULL, ResourceExhausted, "As many subscriptions as the service serves are open; try again after the time given.";
    QUOTA_EXCEEDED, ResourceExhausted, "The caller has as many calls, items or streams as its quota allows; QuotaFailure says which, and RetryInfo when there is more.";
    SUBSCRIBER_STALLED, ResourceExhausted, "The subscriber accepted nothing for too long; continue after `cursor`.";
    CREDENTIALS_MISSING, Unauthenticated, "Callers must say who they are, with a token as `authorization: Bearer …` or with a certificate.";
    CREDENTIALS_INVALID, Unauthenticated, "The token or certificate is none that the service knows, or was withdrawn.";
    CREDENTIALS_EXPIRED, Unauthenticated, "The token or certificate is past its time; a stream ends with it, and goes on from its last cursor under a new one.";
    SCOPE_MISSING, PermissionDenied, "The caller may not use this method; `scope` is what it would need.";
    KEYS_UNAVAILABLE, Unavailable, "The keys of the tokens' issuer could not be fetched yet; try again after the time given.";
    DRAINING, Unavailable, "The service is shutting down; try again after the time given, with the last cursor.";
    STORE_FAILED, Unavailable, "The store cannot be read or written, as with a full disk; nothing was acknowledged.";
    RECORD_DAMAGED, DataLoss, "A stored record is not what was written; it is not served.";
    ITEM_UNREADABLE, Internal, "Reading this item failed; other items are not touched by it.";
    INTERNAL, Internal, "Something failed that should not.";
}
