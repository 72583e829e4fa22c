//! Versions that the BEAM's own files hold.

use std::path::{Path, PathBuf};

use super::super::Context;

/// A version, and the file that holds it.
pub(super) type Found = (String, PathBuf);

/// The version of an application of Elixir's own, such as `elixir` or `mix`, beside the program `real`.
pub(super) fn elixir_application(context: &Context, real: &Path, name: &str) -> Option<Found> {
    elixir_folders(real)
        .into_iter()
        .find_map(|folder| application(context, &folder.join(name).join("ebin").join(format!("{name}.app"))))
}

/// Where Elixir's own applications may lie, seen from the program `real`.
pub(in crate::probes) fn elixir_folders(real: &Path) -> Vec<PathBuf> {
    let root = real.parent().and_then(Path::parent);
    root.map(|root| vec![root.join("lib"), root.join("lib/elixir/lib")]).unwrap_or_default()
}

/// The version in an `.app` file.
pub(super) fn application(context: &Context, file: &Path) -> Option<Found> {
    let text = context.machine().read(file).present()?;
    Some((vsn(&text)?, file.to_owned()))
}

/// The version of Erlang/OTP that `real`, its `erl`, belongs to.
pub(super) fn otp(context: &Context, real: &Path) -> Option<Found> {
    let machine = context.machine();
    otp_roots(real).into_iter().find_map(|root| {
        let releases = root.join("releases");
        let names = machine.list(&releases).present()?;
        let newest = names.iter().filter_map(|name| name.parse::<u32>().ok()).max()?;
        let file = releases.join(newest.to_string()).join("OTP_VERSION");
        let text = machine.read(&file).present()?;
        // A patched installation marks its version with asterisks.
        let version = text.trim().trim_end_matches('*').to_owned();
        version.starts_with(|c: char| c.is_ascii_digit()).then_some((version, file))
    })
}

/// Where OTP may lie, seen from the program `real`: erlang/bin/erl, erlang/erts-15.2/bin/erl, or a wrapper beside
/// lib/erlang.
pub(in crate::probes) fn otp_roots(real: &Path) -> Vec<PathBuf> {
    let Some(folder) = real.parent() else { return Vec::new() };
    let above = folder.parent().map(Path::to_owned);
    above.into_iter().chain([folder.join("../.."), folder.join("../lib/erlang")]).collect()
}

/// `1.17.3` of `{vsn,"1.17.3"}`.
fn vsn(text: &str) -> Option<String> {
    text.match_indices("{vsn").find_map(|(at, key)| {
        let value = text[at + key.len()..].trim_start().strip_prefix(',')?.trim_start().strip_prefix('"')?;
        let version = value.split_once('"')?.0;
        version.starts_with(|c: char| c.is_ascii_digit()).then(|| version.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_in_an_application_file() {
        let real = "{application,mix,\n             [{applications,[kernel,stdlib,elixir]},\n              \
                    {description,\"mix\"},\n              {vsn,\"1.14.0\"}]}.\n";
        assert_eq!(vsn(real).as_deref(), Some("1.14.0"));
        assert_eq!(vsn("{vsn , \"2.0.6-rc.1\"}").as_deref(), Some("2.0.6-rc.1"));
        for none in ["", "{vsn", "{vsn,", "{vsn,\"", "{vsn,\"1.0", "{vsn,\"git\"}", "{vsn,{cmd,\"x\"}}"] {
            assert_eq!(vsn(none), None, "{none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_odd(text in r#"(\{vsn|,|"|[0-9.]{1,5}|\s|é|\})*"#) {
            let _ = vsn(&text);
        }
    }
}
