//! Hex, which is no program but an archive of Mix's, or a library beside Elixir.

use std::path::{Path, PathBuf};

use super::super::Context;
use super::{Answer, beam, install_path, locate, mix_home};
use crate::facts::{Reading, Value};

pub(super) fn find(context: &Context) -> (Answer, Answer) {
    let archives = mix_home::archives(context);
    let archive = match &archives {
        Some(folder) => newest(context, folder),
        None => Reading::Absent,
    };
    let library = || {
        libraries(context).into_iter().find(|library| context.machine().exists(&library.join("ebin/hex.app")))
    };
    match archive {
        Reading::Present(archive) => describe(context, archive),
        other => match library() {
            Some(library) => describe(context, library),
            None => {
                let reading = other.and_then(|_| Reading::Absent);
                let source = archives.unwrap_or_default().to_string_lossy().into_owned();
                (Answer::new(reading.clone(), source.clone()), Answer::new(reading, source))
            }
        },
    }
}

fn describe(context: &Context, folder: PathBuf) -> (Answer, Answer) {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // An archive holds one folder of its own name.
    let found = [folder.join("ebin/hex.app"), folder.join(&name).join("ebin/hex.app")]
        .iter()
        .find_map(|file| beam::application(context, file));
    let version = match found {
        Some((version, file)) => Answer::new(Reading::Present(version.into()), file.to_string_lossy()),
        None => {
            let version = name
                .strip_prefix("hex-")
                .map(str::to_owned)
                .or_else(|| install_path::version(&folder, &["hex"]));
            let reading = match version {
                Some(version) => Reading::Present(Value::from(version)),
                None => Reading::failed(format!("no file in {} tells the version", folder.display())),
            };
            Answer::new(reading, folder.to_string_lossy())
        }
    };
    let path = folder.to_string_lossy().into_owned();
    (Answer::new(Reading::Present(path.clone().into()), path), version)
}

fn newest(context: &Context, archives: &Path) -> Reading<PathBuf> {
    context.machine().list(archives).and_then(|names| {
        let newest = names
            .into_iter()
            .filter_map(|name| {
                let version: Vec<u64> = name
                    .strip_prefix("hex-")?
                    .split(['.', '-'])
                    .map_while(|part| part.parse().ok())
                    .collect();
                (!version.is_empty()).then_some((version, name))
            })
            .max();
        newest.map(|(_, name)| archives.join(name)).into()
    })
}

/// Where a distribution puts Hex: on Erlang's own path, or beside Elixir's applications.
fn libraries(context: &Context) -> Vec<PathBuf> {
    let machine = context.machine();
    let mut libraries = Vec::new();
    for folder in machine.env("ERL_LIBS").present().unwrap_or_default().split(':').filter(|it| !it.is_empty())
    {
        let folder = PathBuf::from(folder);
        let names = machine.list(&folder).present().unwrap_or_default();
        let hex = names.into_iter().filter(|name| name == "hex" || name.starts_with("hex-"));
        libraries.extend(hex.map(|name| folder.join(name)));
    }
    if let Reading::Present(mix) = locate(context, "mix").real
        && let Some(root) = mix.parent().and_then(|bin| bin.parent())
    {
        libraries.push(root.join("lib/hex"));
    }
    libraries
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probes::recorded;

    fn hex(recording: &str) -> (Reading<Value>, Reading<Value>) {
        let (path, version) = find(&recorded::context(recording));
        (path.reading, version.reading)
    }

    fn at(path: &str, version: &str) -> (Reading<Value>, Reading<Value>) {
        (Reading::Present(path.into()), Reading::Present(version.into()))
    }

    #[test]
    fn an_archive_wherever_mix_looks_for_it() {
        for (env, folder) in [
            ("HOME: /home/user", "/home/user/.mix/archives"),
            ("HOME: /home/user, MIX_XDG: '1'", "/home/user/.local/share/mix/archives"),
            ("HOME: /home/user, MIX_XDG: '1', XDG_DATA_HOME: /data", "/data/mix/archives"),
            ("HOME: /home/user, MIX_HOME: /mix, MIX_XDG: '1'", "/mix/archives"),
            ("MIX_ARCHIVES: /a, MIX_HOME: /mix", "/a"),
        ] {
            let archive = format!("{folder}/hex-2.10.1");
            let recording = format!(
                "env: {{{env}}}\nfiles:\n  {archive}/hex-2.10.1/ebin/hex.app: '{{vsn,\"2.10.1\"}}'\n  \
                 {folder}/hex-2.9.0/hex-2.9.0/ebin/hex.app: '{{vsn,\"2.9.0\"}}'\n"
            );
            assert_eq!(hex(&recording), at(&archive, "2.10.1"), "{env}");
        }
    }

    #[test]
    fn a_library_beside_elixir_or_on_erlangs_path() {
        let debian = "which: {mix: /usr/bin/mix}\nlinks: {/usr/bin/mix: /usr/lib/elixir/bin/mix}\n\
                      files: {/usr/lib/elixir/lib/hex/ebin/hex.app: '{vsn,\"2.0.6\"}'}";
        assert_eq!(hex(debian), at("/usr/lib/elixir/lib/hex", "2.0.6"));
        let nix = "env: {ERL_LIBS: /nix/store/x-hex-2.1.1/lib/erlang/lib}\n\
                   files: {/nix/store/x-hex-2.1.1/lib/erlang/lib/hex/ebin/hex.app: '{vsn,\"2.1.1\"}'}";
        assert_eq!(hex(nix), at("/nix/store/x-hex-2.1.1/lib/erlang/lib/hex", "2.1.1"));
    }

    #[test]
    fn absent_is_not_the_same_as_unreadable() {
        assert_eq!(hex("env: {HOME: /home/user}"), (Reading::Absent, Reading::Absent));
        let denied = "env: {HOME: /h}\nunknown:\n  - {question: !list /h/.mix/archives, reading: denied}\n";
        assert_eq!(hex(denied), (Reading::Denied, Reading::Denied));
    }
}
