//! The tables, key by key. `docs/store.md` describes them; both change together.

use redb::TableDefinition;

/// Sealed record bytes, see [`super::record`].
type Sealed = &'static [u8];

/// `store` and `state`, see [`super::record::Meta`] and [`super::record::State`].
pub const META: TableDefinition<&str, Sealed> = TableDefinition::new("meta");
/// Position, from 1 without gaps, to the record of an update.
pub const LOG: TableDefinition<u64, Sealed> = TableDefinition::new("log");
/// Item id to the item and its answer.
pub const ITEMS: TableDefinition<&str, Sealed> = TableDefinition::new("items");
/// When an item is to be looked at by retention (microseconds since 1970), and its id.
pub const ITEMS_BY_TIME: TableDefinition<(i64, &str), ()> = TableDefinition::new("items_by_time");
/// Event id to the event as it stands, without reports.
pub const EVENTS: TableDefinition<&str, Sealed> = TableDefinition::new("events");
/// Event id to what filters look at, and its reports in short.
pub const FACETS: TableDefinition<&str, Sealed> = TableDefinition::new("facets");
/// Event id and item id to what the item says of the event.
pub const REPORTS: TableDefinition<(&str, &str), Sealed> = TableDefinition::new("reports");
/// Item id and event id of every report, so that an item is kept while an event needs it.
pub const REPORTS_BY_ITEM: TableDefinition<(&str, &str), ()> =
    TableDefinition::new("reports_by_item");
/// Event id and revision to the position of the update that made it.
pub const HISTORY: TableDefinition<(&str, u32), u64> = TableDefinition::new("history");
/// Time of the latest report (microseconds since 1970) and event id.
pub const BY_REPORTED: TableDefinition<(i64, &str), ()> =
    TableDefinition::new("events_by_reported");
/// Last moment of the happening (microseconds since 1970, least number where not known) and event id.
pub const BY_TIME: TableDefinition<(i64, &str), ()> = TableDefinition::new("events_by_time");
