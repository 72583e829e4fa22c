//! Text with `${placeholders}`: a capture (`${attribute}`) or, with a dot, a fact (`${gpu.count}`).

use serde::{Deserialize, Serialize};

/// Text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Template(pub String);

impl Template {
    /// The placeholders' names, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.0.split("${").skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
    }

    /// The text with every placeholder filled, or the first name that `lookup` does not know. A value is put in
    /// as it is and not looked through for placeholders again.
    ///
    /// # Errors
    /// The name of the first placeholder that `lookup` does not know.
    pub fn fill(&self, lookup: impl Fn(&str) -> Option<String>) -> Result<String, String> {
        let mut parts = self.0.split("${");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            match part.split_once('}') {
                Some((name, rest)) => {
                    filled.push_str(&lookup(name).ok_or_else(|| name.to_owned())?);
                    filled.push_str(rest);
                }
                None => {
                    filled.push_str("${");
                    filled.push_str(part);
                }
            }
        }
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_once_and_names_what_is_missing() {
        let template = Template("a ${x} b ${y.z}!".to_owned());
        assert_eq!(template.placeholders().collect::<Vec<_>>(), ["x", "y.z"]);
        assert_eq!(template.fill(|name| Some(format!("${{{name}}}"))).unwrap(), "a ${x} b ${y.z}!");
        assert_eq!(template.fill(|name| (name == "x").then(|| "1".to_owned())).unwrap_err(), "y.z");
    }
}
