//! The releases of nixpkgs, and when they end.

use jiff::civil::Date;

/// A release of nixpkgs, as a branch such as `nixos-24.05` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Release {
    year: i16,
    november: bool,
}

impl Release {
    /// The release of a branch, or of a tag such as `24.05`; `None`: it belongs to none, as nixos-unstable.
    pub fn of_branch(branch: &str) -> Option<Self> {
        const PREFIXES: &[&str] = &["nixos-", "nixpkgs-", "release-"];
        let rest = PREFIXES.iter().find_map(|prefix| branch.strip_prefix(prefix)).unwrap_or(branch);
        let number = rest.split('-').next()?;
        let (year, month) = number.split_once('.')?;
        let year: i16 = year.parse().ok().filter(|year| (20..100).contains(year))?;
        let november = match month {
            "05" => false,
            "11" => true,
            _ => return None,
        };
        Some(Release { year: 2000 + year, november })
    }

    /// The last day on which it is maintained: a release is for seven months, until a month after the next one (NixOS
    /// manual, "Upgrading NixOS").
    pub fn ends(self) -> Date {
        if self.november {
            Date::constant(self.year, 6, 30).saturating_add(jiff::Span::new().years(1))
        } else {
            Date::constant(self.year, 12, 31)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_end_a_month_after_the_next() {
        for (branch, ends) in [
            ("nixos-24.05", Some("2024-12-31")),
            ("nixos-24.11", Some("2025-06-30")),
            ("nixos-25.05-small", Some("2025-12-31")),
            ("nixpkgs-23.11-darwin", Some("2024-06-30")),
            ("release-25.11", Some("2026-06-30")),
            ("24.11", Some("2025-06-30")),
            ("my-24.11", None),
            ("nixos-unstable", None),
            ("nixpkgs-unstable", None),
            ("master", None),
            ("nixos-24.06", None),
            ("nixos-", None),
        ] {
            assert_eq!(
                Release::of_branch(branch).map(|it| it.ends().to_string()).as_deref(),
                ends,
                "{branch}"
            );
        }
    }
}
