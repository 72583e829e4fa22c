//! An environment doctor for people who build Elixir software in Nix shells, with a GPU and local models beside it.
//!
//! The layers, each of which knows only those before it: [`facts`] (the vocabulary), [`rules`] (and [`built_in`]), the
//! pure thinking ([`scan`], [`judge`], [`causes`], [`examples`], [`lint`], [`stub`]), the [`machine`] with its [`probes`], the parsers of [`formats`] and of the [`project`], and
//! the [`versions`] that it asks for, the settings ([`config`]) and their [`schema`], [`plan`], [`state`] and [`apply`], the [`report`], the [`bundle`] of all of it, and the [`cli`].

pub mod apply;
pub mod built_in;
pub mod bundle;
pub mod causes;
pub mod cli;
pub mod config;
pub mod examples;
pub mod facts;
pub mod formats;
pub mod judge;
pub mod lint;
pub mod machine;
pub mod matching;
pub mod plan;
pub mod probes;
pub mod project;
pub mod report;
pub mod require;
pub mod rules;
pub mod scan;
pub mod schema;
mod secrets;
pub mod state;
pub mod stub;
pub mod versions;
mod visible;
