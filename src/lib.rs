//! An environment doctor for people who build Elixir software in Nix shells, with a GPU and local models beside it.
//!
//! The layers, each of which knows only those before it: [`facts`] (the vocabulary), [`rules`], the pure thinking
//! ([`scan`], [`judge`], [`causes`]), the [`machine`] with its [`probes`], [`apply`], [`report`] and [`cli`].

pub mod facts;
pub mod machine;
pub mod probes;
pub mod project;
pub mod rules;
