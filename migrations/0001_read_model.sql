-- The read model: what rooms committed, by workspace, for lists, search, reports and the long audit.
-- Written by worker/platform/d1-projector.ts alone; every rule is in docs/design/read-model.md.
-- Row writes are the running cost, so: WITHOUT ROWID, the primary key is the order lists are read in, one secondary index.
-- `epoch, seq` is the commit a row shows: a row is only replaced by a newer one. `changed_at` is that commit's time.
-- A deleted row stays as a tombstone without data, so that a late batch cannot bring it back.

-- How far each room has arrived. campaign_id '' is the workspace's own room, here and everywhere.
CREATE TABLE projection_positions (
  workspace_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, campaign_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE workspaces (
  workspace_id TEXT NOT NULL PRIMARY KEY,
  revision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  data TEXT CHECK ((data IS NULL) = deleted)
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  role TEXT NOT NULL,
  data TEXT CHECK ((data IS NULL) = deleted),
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

-- The one index that does not begin with the workspace: "my workspaces" knows the person only.
CREATE INDEX members_of_user ON members (user_id, workspace_id);

CREATE TABLE api_keys (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  data TEXT CHECK ((data IS NULL) = deleted),
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE inventory_products (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  channel TEXT NOT NULL,
  data TEXT CHECK ((data IS NULL) = deleted),
  PRIMARY KEY (workspace_id, id)
) STRICT, WITHOUT ROWID;

-- Without config, state and brief, which are large and read from the room. epoch 0: known to its workspace only so far.
CREATE TABLE campaigns (
  workspace_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  id TEXT NOT NULL CHECK (id = campaign_id),
  revision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  status TEXT NOT NULL,
  data TEXT CHECK ((data IS NULL) = deleted),
  PRIMARY KEY (workspace_id, campaign_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE media_buys (
  workspace_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  status TEXT NOT NULL,
  brand_name TEXT NOT NULL,
  brand_domain TEXT NOT NULL,
  currency TEXT NOT NULL,
  data TEXT CHECK ((data IS NULL) = deleted),
  PRIMARY KEY (workspace_id, campaign_id, id)
) STRICT, WITHOUT ROWID;

-- What reports need to know of a package, derived from its buy's row and only written when one of these changes.
CREATE TABLE packages (
  workspace_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  media_buy_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  brand TEXT NOT NULL,
  channel TEXT NOT NULL,
  currency TEXT NOT NULL,
  PRIMARY KEY (workspace_id, campaign_id, media_buy_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE creatives (
  workspace_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  media_buy_id TEXT NOT NULL,
  status TEXT NOT NULL,
  name TEXT NOT NULL,
  data TEXT CHECK ((data IS NULL) = deleted),
  PRIMARY KEY (workspace_id, campaign_id, id)
) STRICT, WITHOUT ROWID;

-- One reported row of delivery; a measure nobody reported is NULL. Money is integer micros of the buy's currency.
CREATE TABLE delivery_facts (
  workspace_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  package_id TEXT NOT NULL,
  date TEXT NOT NULL,
  creative_id TEXT NOT NULL,
  device TEXT NOT NULL,
  country TEXT NOT NULL,
  source TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  impressions INTEGER NOT NULL,
  clicks INTEGER NOT NULL,
  completed_views INTEGER,
  views INTEGER,
  measurable INTEGER,
  viewable INTEGER,
  conversions INTEGER NOT NULL,
  leads INTEGER,
  conversion_value_micros INTEGER NOT NULL,
  spend_micros INTEGER NOT NULL,
  finality TEXT NOT NULL,
  reported_at TEXT NOT NULL,
  PRIMARY KEY (workspace_id, campaign_id, package_id, date, creative_id, device, country, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE performance_feedback (
  workspace_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  media_buy_id TEXT NOT NULL,
  type TEXT NOT NULL,
  data TEXT CHECK ((data IS NULL) = deleted),
  PRIMARY KEY (workspace_id, campaign_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_imports (
  workspace_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  changed_at TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  status TEXT NOT NULL,
  data TEXT CHECK ((data IS NULL) = deleted),
  PRIMARY KEY (workspace_id, campaign_id, id)
) STRICT, WITHOUT ROWID;

-- One row per commit, in the order an audit is read. correlation, touched and events are JSON as logged, without secrets.
CREATE TABLE audit (
  workspace_id TEXT NOT NULL,
  at TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  actor TEXT NOT NULL,
  type TEXT NOT NULL,
  command_id TEXT NOT NULL,
  correlation TEXT NOT NULL,
  touched TEXT NOT NULL,
  events TEXT NOT NULL,
  PRIMARY KEY (workspace_id, at, campaign_id, seq)
) STRICT, WITHOUT ROWID;

-- Which commits touched an entity that has an audit trail (not facts and counters, which are written by the thousand).
CREATE TABLE audit_entities (
  workspace_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  at TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (workspace_id, campaign_id, kind, id, seq)
) STRICT, WITHOUT ROWID;

-- Gives each searchable entity the number that full text search needs.
CREATE TABLE search_documents (
  document INTEGER PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  UNIQUE (workspace_id, campaign_id, kind, id)
) STRICT;

-- `scope` holds the workspace's id as one word, so that a search never walks through other workspaces' words.
CREATE VIRTUAL TABLE search_texts USING fts5(scope, title, brand, notes, tokenize = 'unicode61 remove_diacritics 2');
