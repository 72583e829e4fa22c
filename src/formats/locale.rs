//! The names of locales, such as `en_US.UTF-8` or `C`.

/// Whether a locale's character set is UTF-8.
pub fn charset_is_utf8(locale: &str) -> bool {
    charset(locale).is_some_and(|charset| normal(charset) == "utf8")
}

/// The folder below `/usr/lib/locale` in which the C library has that locale, unless it is in the archive there: the
/// character set in small letters and without signs.
pub fn locale_folder(locale: &str) -> Option<String> {
    let charset = normal(charset(locale)?);
    let (before, rest) = locale.split_once('.')?;
    let modifier = rest.split_once('@').map(|(_, modifier)| format!("@{modifier}")).unwrap_or_default();
    (!before.is_empty() && !locale.contains('/')).then(|| format!("{before}.{charset}{modifier}"))
}

/// `UTF-8` of `en_US.UTF-8@euro`; macOS also has locales that are nothing else.
fn charset(locale: &str) -> Option<&str> {
    let charset = match locale.split_once('.') {
        Some((_, charset)) => charset,
        None if normal(locale) == "utf8" => locale,
        None => return None,
    };
    charset.split('@').next()
}

fn normal(charset: &str) -> String {
    charset.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_locales() {
        for (locale, is) in [
            ("C.UTF-8", true),
            ("en_US.utf8", true),
            ("de_DE.UTF-8@euro", true),
            ("UTF-8", true),
            ("C", false),
            ("POSIX", false),
            ("en_US", false),
            ("de_DE@euro", false),
            ("de_DE.ISO-8859-1", false),
            ("", false),
        ] {
            assert_eq!(charset_is_utf8(locale), is, "{locale}");
        }
        assert_eq!(locale_folder("en_US.UTF-8").as_deref(), Some("en_US.utf8"));
        assert_eq!(locale_folder("ca_ES.UTF-8@valencia").as_deref(), Some("ca_ES.utf8@valencia"));
        assert_eq!(locale_folder("C"), None);
        assert_eq!(locale_folder("../x.UTF-8"), None);
    }
}
