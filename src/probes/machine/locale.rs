//! The locale, and how the BEAM would take file names.

use std::path::Path;

use super::super::{Context, Probe};
use crate::facts::{Facts, Reading};
use crate::formats::{charset_is_utf8, locale_folder};

pub(super) const PROBE: Probe = Probe {
    name: "locale",
    yields: &["locale.name", "locale.utf8", "locale.installed", "beam.utf8"],
    usual: &[],
    apart: false,
    run,
};

/// The system's locales. Nix's programs bring a C library that does not look here.
const LOCALES: &str = "/usr/lib/locale";

fn run(context: &Context) -> Facts {
    let mut facts = Facts::default();
    // The first that is set and not empty decides: that is how the C library reads them.
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|variable| {
        let value = context.machine().env(variable).present()?;
        (!value.is_empty()).then_some((variable, value))
    });
    let (source, name) = match &set {
        Some((variable, name)) => (*variable, name.as_str()),
        None => ("no variable sets it", "C"),
    };
    let utf8 = charset_is_utf8(name);
    facts.add("locale.name", Reading::Present(name.into()), source);
    facts.add("locale.utf8", Reading::Present(utf8.into()), source);
    let installed = installed(context, name);
    if let Some(installed) = installed {
        facts.add("locale.installed", Reading::Present(installed.into()), LOCALES);
    }
    let forced =
        ["ELIXIR_ERL_OPTIONS", "ERL_FLAGS", "ERL_AFLAGS", "ERL_ZFLAGS"].into_iter().find(|variable| {
            let options = context.machine().env(variable).present().unwrap_or_default();
            options.split_whitespace().any(|option| option.starts_with("+fnu"))
        });
    let takes = forced.is_some() || (utf8 && installed != Some(false));
    facts.add("beam.utf8", Reading::Present(takes.into()), forced.unwrap_or(source));
    facts
}

/// Whether the system has the locale; `None`: nothing tells.
fn installed(context: &Context, name: &str) -> Option<bool> {
    if ["C", "POSIX"].contains(&name) {
        return Some(true);
    }
    let have = context.machine().list(Path::new(LOCALES)).present()?;
    let folder = locale_folder(name)?;
    // The archive holds many, and cannot be read as text; the C library itself brings C.UTF-8.
    let has = |folder: &str| have.iter().any(|name| name.eq_ignore_ascii_case(folder));
    (!has("locale-archive") && folder != "C.utf8").then(|| has(&folder))
}

#[cfg(test)]
mod tests {
    use crate::probes::recorded::ask;

    fn facts(env: &str, rest: &str) -> String {
        let recording = format!("env: {{{env}}}\n{rest}");
        ask(&recording, &["locale.name", "locale.utf8", "locale.installed", "beam.utf8"]).join(" ")
    }

    #[test]
    fn the_first_that_is_set_decides() {
        assert_eq!(facts("", ""), "C no yes no");
        assert_eq!(facts("LANG: en_US.UTF-8", ""), "en_US.UTF-8 yes - yes");
        assert_eq!(facts("LANG: en_US.UTF-8, LC_ALL: ''", ""), "en_US.UTF-8 yes - yes");
        assert_eq!(facts("LANG: en_US.UTF-8, LC_ALL: C", ""), "C no yes no");
        assert_eq!(facts("LANG: C, LC_CTYPE: UTF-8", ""), "UTF-8 yes - yes");
        assert_eq!(facts("ELIXIR_ERL_OPTIONS: '+fnu -kernel x y'", ""), "C no yes yes");
    }

    #[test]
    fn a_locale_that_is_not_installed_is_none() {
        let slim = "folders: {/usr/lib/locale: [C.utf8]}";
        assert_eq!(facts("LANG: en_US.UTF-8", slim), "en_US.UTF-8 yes no no");
        assert_eq!(facts("LANG: C.UTF-8", slim), "C.UTF-8 yes - yes");
        let own = "folders: {/usr/lib/locale: [C.utf8, de_DE.utf8]}";
        assert_eq!(facts("LANG: de_DE.UTF-8", own), "de_DE.UTF-8 yes yes yes");
        let archive = "folders: {/usr/lib/locale: [C.utf8, locale-archive]}";
        assert_eq!(facts("LANG: en_US.UTF-8", archive), "en_US.UTF-8 yes - yes");
    }
}
