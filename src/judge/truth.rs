//! Conditions over facts, with "unknown" as a third value.

use crate::facts::{Facts, Place, Reading, Value, satisfies};
use crate::rules::{Condition, Operand, Operator, Test};

/// A fact that made a condition hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The fact's name.
    pub fact: String,
    /// What it says; `None`: it is absent, and that is what counts.
    pub value: Option<Value>,
    /// Where it was read.
    pub source: String,
    /// The places in files where it stands; of a list one for each item, or none at all.
    pub places: Vec<Place>,
}

/// Whether a condition holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// It does, and these facts show it.
    Holds(Vec<Evidence>),
    /// It does not.
    Fails,
    /// Nobody can tell, for want of these facts: name and why.
    Unknown(Vec<(String, String)>),
}

/// Whether `condition` holds.
pub fn evaluate(condition: &Condition, facts: &Facts) -> Truth {
    match condition {
        Condition::Test(test) => evaluate_test(test, facts),
        Condition::Not(part) => match evaluate(part, facts) {
            Truth::Holds(_) => Truth::Fails,
            Truth::Fails => Truth::Holds(evidence_of(part, facts)),
            unknown => unknown,
        },
        Condition::All(parts) => {
            let (mut evidence, mut unknown) = (Vec::new(), Vec::new());
            for part in parts {
                match evaluate(part, facts) {
                    Truth::Holds(more) => add(&mut evidence, more),
                    Truth::Fails => return Truth::Fails,
                    Truth::Unknown(why) => unknown.extend(why),
                }
            }
            if unknown.is_empty() { Truth::Holds(evidence) } else { Truth::Unknown(unknown) }
        }
        Condition::Any(parts) => {
            let (mut evidence, mut unknown, mut holds) = (Vec::new(), Vec::new(), false);
            for part in parts {
                match evaluate(part, facts) {
                    Truth::Holds(more) => {
                        holds = true;
                        add(&mut evidence, more);
                    }
                    Truth::Fails => {}
                    Truth::Unknown(why) => unknown.extend(why),
                }
            }
            match (holds, unknown.is_empty()) {
                (true, _) => Truth::Holds(evidence),
                (false, true) => Truth::Fails,
                (false, false) => Truth::Unknown(unknown),
            }
        }
    }
}

fn evaluate_test(test: &Test, facts: &Facts) -> Truth {
    let value = match knowledge(&test.fact, facts) {
        Ok(value) => value,
        Err(why) => return Truth::Unknown(vec![(test.fact.clone(), why)]),
    };
    let (operand, other) = match &test.operand {
        Operand::Literal(literal) => (Some(literal.clone()), None),
        Operand::Fact(name) => match knowledge(name, facts) {
            Ok(value) => (value, Some(name)),
            Err(why) => return Truth::Unknown(vec![(name.clone(), why)]),
        },
    };
    let holds = match (test.operator, &value, &operand) {
        (Operator::Satisfies, Some(version), Some(requirement)) => {
            let (version, requirement) = (version.to_string(), requirement.to_string());
            match satisfies(&version, &requirement) {
                Some(holds) => holds,
                None => {
                    let why = format!("'{version}' and '{requirement}' cannot be compared");
                    return Truth::Unknown(vec![(test.fact.clone(), why)]);
                }
            }
        }
        (Operator::Exists, value, operand) => *operand == Some(Value::Bool(value.is_some())),
        (_, None, _) | (_, _, None) => false,
        (Operator::Empty, Some(value), operand) => *operand == Some(Value::Bool(value.is_empty())),
        (Operator::Equals, Some(one), Some(other)) => equal(one, other),
        (Operator::GreaterThan, Some(one), Some(other)) => numbers(one, other).is_some_and(|(a, b)| a > b),
        (Operator::LessThan, Some(one), Some(other)) => numbers(one, other).is_some_and(|(a, b)| a < b),
        (Operator::Contains, Some(one), Some(other)) => one.contains(&other.to_string()),
    };
    if !holds {
        return Truth::Fails;
    }
    let names = std::iter::once(&test.fact).chain(other);
    Truth::Holds(names.map(|name| evidence(name, facts)).collect())
}

fn equal(one: &Value, other: &Value) -> bool {
    match numbers(one, other) {
        Some((one, other)) => one == other,
        None => one == other,
    }
}

fn numbers(one: &Value, other: &Value) -> Option<(i64, i64)> {
    Some((one.as_integer()?, other.as_integer()?))
}

/// A fact's value, `None` if it is known to be absent, or why nothing is known.
fn knowledge(name: &str, facts: &Facts) -> Result<Option<Value>, String> {
    let Some(fact) = facts.get(name) else { return Err("it was not asked for".to_owned()) };
    match &fact.reading {
        Reading::Present(value) => Ok(Some(value.clone())),
        Reading::Absent => Ok(None),
        unknown => Err(unknown.why_unknown().unwrap_or_default()),
    }
}

fn evidence(name: &str, facts: &Facts) -> Evidence {
    let fact = facts.get(name);
    Evidence {
        fact: name.to_owned(),
        value: fact.and_then(|fact| fact.reading.as_present().cloned()),
        source: fact.map(|fact| fact.source.clone()).unwrap_or_default(),
        places: fact.map(|fact| fact.places.clone()).unwrap_or_default(),
    }
}

fn evidence_of(condition: &Condition, facts: &Facts) -> Vec<Evidence> {
    let mut all = Vec::new();
    for test in condition.tests() {
        add(&mut all, vec![evidence(&test.fact, facts)]);
        if let Operand::Fact(other) = &test.operand {
            add(&mut all, vec![evidence(other, facts)]);
        }
    }
    all
}

fn add(all: &mut Vec<Evidence>, more: Vec<Evidence>) {
    for evidence in more {
        if !all.contains(&evidence) {
            all.push(evidence);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(fact: &str, operator: Operator, operand: Operand) -> Condition {
        Condition::Test(Test { fact: fact.to_owned(), operator, operand })
    }

    fn exists(fact: &str) -> Condition {
        test(fact, Operator::Exists, Operand::Literal(Value::Bool(true)))
    }

    fn facts() -> Facts {
        let mut facts = Facts::default();
        facts.add("env.MLX_MAX_GPUS", Reading::Present(Value::from("5")), "environment");
        facts.add("gpu.count", Reading::Present(Value::Integer(1)), "system_profiler");
        facts.add("os.arch", Reading::Absent, "");
        facts.add("os.name", Reading::TimedOut(2000), "");
        facts
    }

    #[test]
    fn a_text_that_is_a_number_compares_as_one() {
        let more = test("env.MLX_MAX_GPUS", Operator::GreaterThan, Operand::Fact("gpu.count".to_owned()));
        let Truth::Holds(evidence) = evaluate(&more, &facts()) else { panic!("does not hold") };
        assert_eq!(
            evidence.iter().map(|e| e.fact.as_str()).collect::<Vec<_>>(),
            ["env.MLX_MAX_GPUS", "gpu.count"]
        );
        let one = test("gpu.count", Operator::Equals, Operand::Literal(Value::Integer(1)));
        assert!(matches!(evaluate(&one, &facts()), Truth::Holds(_)));
    }

    #[test]
    fn unknown_is_neither_true_nor_false() {
        let (known, absent, unknown) = (exists("gpu.count"), exists("os.arch"), exists("os.name"));
        let all = |parts: &[&Condition]| {
            evaluate(&Condition::All(parts.iter().map(|&c| c.clone()).collect()), &facts())
        };
        let any = |parts: &[&Condition]| {
            evaluate(&Condition::Any(parts.iter().map(|&c| c.clone()).collect()), &facts())
        };
        assert!(matches!(all(&[&known, &unknown]), Truth::Unknown(_)));
        assert_eq!(all(&[&absent, &unknown]), Truth::Fails);
        assert!(matches!(any(&[&known, &unknown]), Truth::Holds(_)));
        assert!(matches!(any(&[&absent, &unknown]), Truth::Unknown(_)));
        assert!(matches!(evaluate(&Condition::Not(Box::new(unknown)), &facts()), Truth::Unknown(_)));
        assert!(matches!(evaluate(&exists("never.asked"), &facts()), Truth::Unknown(_)));
    }

    #[test]
    fn a_test_of_an_absent_fact_does_not_hold() {
        let equals = test("os.arch", Operator::Equals, Operand::Literal(Value::from("x")));
        assert_eq!(evaluate(&equals, &facts()), Truth::Fails);
        let gone = test("os.arch", Operator::Exists, Operand::Literal(Value::Bool(false)));
        assert!(matches!(evaluate(&gone, &facts()), Truth::Holds(_)));
    }
}
