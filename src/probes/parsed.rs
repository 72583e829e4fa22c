//! Files that several probes read: parsed once for all of them.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Context;
use crate::facts::Reading;
use crate::project::{
    ElixirConfig, Flake, FormatError, Locked, MixExs, NixError, parse_elixir_config, parse_flake,
    parse_mix_exs, parse_mix_lock,
};

/// A file with what its parser makes of it.
pub(super) struct Document<T> {
    pub(super) text: Arc<str>,
    pub(super) content: T,
}

/// What an inquiry has parsed so far.
#[derive(Default)]
pub(super) struct Parsed {
    mix_exs: Files<Result<MixExs, FormatError>>,
    mix_lock: Files<Result<Locked, FormatError>>,
    elixir_config: Files<Result<ElixirConfig, FormatError>>,
    flake: Files<Result<Flake, NixError>>,
    debian: Kept<BTreeMap<String, String>>,
}

type Files<T> = Kept<Document<T>>;
type Slot<T> = Arc<OnceLock<Arc<T>>>;

/// What files of one form say, by their paths. A file that could not be read is not kept: it may have been asked for too
/// late.
struct Kept<T>(Mutex<HashMap<PathBuf, Slot<T>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Kept(Mutex::default())
    }
}

impl<T> Kept<T> {
    fn of(&self, context: &Context, file: &Path, parse: impl FnOnce(String) -> T) -> Reading<Arc<T>> {
        let slot = {
            let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(file.to_owned()).or_default())
        };
        if let Some(kept) = slot.get() {
            return Reading::Present(Arc::clone(kept));
        }
        context.machine().read(file).map(|text| Arc::clone(slot.get_or_init(|| Arc::new(parse(text)))))
    }
}

impl<T> Kept<Document<T>> {
    fn read(
        &self,
        context: &Context,
        file: &Path,
        parse: impl FnOnce(&str) -> T,
    ) -> Reading<Arc<Document<T>>> {
        self.of(context, file, |text| Document { content: parse(&text), text: text.into() })
    }
}

impl Context {
    pub(super) fn mix_exs(&self, file: &Path) -> Reading<Arc<Document<Result<MixExs, FormatError>>>> {
        self.parsed.mix_exs.read(self, file, parse_mix_exs)
    }

    pub(super) fn mix_lock(&self, file: &Path) -> Reading<Arc<Document<Result<Locked, FormatError>>>> {
        self.parsed.mix_lock.read(self, file, parse_mix_lock)
    }

    /// A file of the configuration, as it is in the one environment that the project is asked about.
    pub(super) fn elixir_config(
        &self,
        file: &Path,
        environment: &str,
    ) -> Reading<Arc<Document<Result<ElixirConfig, FormatError>>>> {
        self.parsed.elixir_config.read(self, file, |text| parse_elixir_config(text, environment))
    }

    /// The project's flake.
    pub(super) fn flake(&self) -> Reading<Arc<Document<Result<Flake, NixError>>>> {
        self.parsed.flake.read(self, &self.project.join("flake.nix"), parse_flake)
    }

    /// What of the list of Debian's packages `parse` keeps: names with versions.
    pub(super) fn debian(
        &self,
        list: &Path,
        parse: fn(&str) -> BTreeMap<String, String>,
    ) -> Reading<Arc<BTreeMap<String, String>>> {
        self.parsed.debian.of(self, list, |text| parse(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::recorded::context;

    #[test]
    fn a_file_is_parsed_once() {
        let context = context("files: {/p/a: x}\n");
        let (files, file) = (Files::default(), Path::new("/p/a"));
        let first = files.read(&context, file, str::len).present().unwrap();
        assert_eq!((first.content, &*first.text), (1, "x"));
        let again = files.read(&context, file, |_| panic!("parsed twice"));
        assert_eq!(again.present().unwrap().content, 1);
        assert!(files.read(&context, Path::new("/p/b"), str::len).present().is_none());
    }
}
