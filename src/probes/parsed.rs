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
    debian: Files<BTreeMap<String, String>>,
}

type Slot<T> = Arc<OnceLock<Arc<Document<T>>>>;

/// Files of one form, by their paths. A file that could not be read is not kept: it may have been asked for too late.
struct Files<T>(Mutex<HashMap<PathBuf, Slot<T>>>);

impl<T> Default for Files<T> {
    fn default() -> Self {
        Files(Mutex::default())
    }
}

impl<T> Files<T> {
    fn read(
        &self,
        context: &Context,
        file: &Path,
        parse: impl FnOnce(&str) -> T,
    ) -> Reading<Arc<Document<T>>> {
        let slot = {
            let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(slots.entry(file.to_owned()).or_default())
        };
        if let Some(document) = slot.get() {
            return Reading::Present(Arc::clone(document));
        }
        let document = |text: String| Arc::new(Document { content: parse(&text), text: text.into() });
        context.machine().read(file).map(|text| Arc::clone(slot.get_or_init(|| document(text))))
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
    ) -> Reading<Arc<Document<BTreeMap<String, String>>>> {
        self.parsed.debian.read(self, list, parse)
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
