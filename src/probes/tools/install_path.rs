//! Versions that stand in the path of an installed program.

use std::path::Path;

/// The version of the package that a program belongs to, where its path names a package of one of those names.
pub(super) fn version(path: &Path, packages: &[&str]) -> Option<String> {
    let parts: Vec<&str> = path.iter().filter_map(|part| part.to_str()).collect();
    let after = |names: &[&str]| {
        parts
            .windows(names.len() + 1)
            .find(|window| window.starts_with(names))
            .and_then(|window| window.last())
    };
    if let Some(store) = after(&["/", "nix", "store"]) {
        return store_version(store, packages);
    }
    let named = parts.windows(3).find_map(|window| match window {
        // asdf and mise: installs/<plugin>/<version>; Homebrew: Cellar/<formula>/<version>
        ["installs" | "Cellar", name, version] if packages.contains(&formula(name)) => Some(*version),
        _ => None,
    });
    let pyenv = || {
        let [_, version] = parts.windows(2).find(|window| window[0] == "versions")? else { return None };
        (parts.iter().any(|part| part.ends_with("pyenv")) && packages.contains(&"python")).then_some(*version)
    };
    plain(named.or_else(pyenv)?)
}

/// A Homebrew formula without the version that it is pinned to: `node@20`.
fn formula(name: &str) -> &str {
    name.split('@').next().unwrap_or(name)
}

/// A version as a release writes it, without what the installer put behind it.
fn plain(version: &str) -> Option<String> {
    let version = version.split("-otp-").next()?.split('_').next()?;
    starts_with_digit(version).then(|| version.to_owned())
}

/// `1.17.3` of `<hash>-elixir-1.17.3`.
fn store_version(entry: &str, packages: &[&str]) -> Option<String> {
    let (_hash, name) = entry.split_once('-')?;
    let at = name.match_indices('-').map(|(at, _)| at).find(|at| starts_with_digit(&name[at + 1..]))?;
    let (package, version) = (&name[..at], &name[at + 1..]);
    let belongs = packages.iter().any(|known| {
        package.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    });
    // What stands behind a version is an output or a wrapper, unless it is a release candidate.
    let end = version
        .match_indices('-')
        .map(|(at, _)| at)
        .find(|at| {
            !["rc", "alpha", "beta", "dev.", "pre"].iter().any(|pre| version[at + 1..].starts_with(pre))
        })
        .unwrap_or(version.len());
    belongs.then(|| version[..end].to_owned())
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_every_installer() {
        let hash = "0c1pfcs4ncg20vm46jx1dq97v9qr4mnl";
        let store = |rest: &str| format!("/nix/store/{hash}-{rest}");
        for (path, package, expected) in [
            (store("elixir-1.17.3/bin/elixir"), "elixir", Some("1.17.3")),
            (store("elixir-1.18.0-rc.0/bin/mix"), "elixir", Some("1.18.0-rc.0")),
            (store("erlang-27.3.2/lib/erlang/bin/erl"), "erlang", Some("27.3.2")),
            (store("python3-3.12.5-env/bin/python3.12"), "python3", Some("3.12.5")),
            (store("git-with-svn-2.45.2/bin/git"), "git", Some("2.45.2")),
            (store("git-2.45.2-doc/bin/git"), "git", Some("2.45.2")),
            (store("wrapper-1.0/bin/git"), "git", None),
            (store("github-cli-2.0/bin/git"), "git", None),
            (store("devshell-dir/bin/git"), "git", None),
            ("/nix/store".to_owned(), "git", None),
            ("/nix/store/-".to_owned(), "git", None),
            (
                "/home/user/.asdf/installs/elixir/1.17.3-otp-27/bin/elixir".to_owned(),
                "elixir",
                Some("1.17.3"),
            ),
            ("/home/user/.asdf/installs/elixir/main/bin/elixir".to_owned(), "elixir", None),
            ("/home/user/.local/share/mise/installs/erlang/27.2/bin/erl".to_owned(), "erlang", Some("27.2")),
            ("/opt/homebrew/Cellar/node@20/20.11.1_2/bin/node".to_owned(), "node", Some("20.11.1")),
            ("/opt/homebrew/Cellar/wget/1.2/bin/node".to_owned(), "node", None),
            ("/home/user/.pyenv/versions/3.11.7/bin/python3.11".to_owned(), "python", Some("3.11.7")),
            ("/usr/bin/git".to_owned(), "git", None),
            ("/".to_owned(), "git", None),
        ] {
            assert_eq!(version(Path::new(&path), &[package]).as_deref(), expected, "{path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_path_is_too_odd(text in r"(/|/nix/store/|installs/|Cellar/|versions/|git|[\-@_é.]|[0-9]|-otp-|-rc)*") {
            let _ = version(Path::new(&text), &["git"]);
        }
    }
}
