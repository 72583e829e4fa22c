//! The document as one HTML file that asks for nothing else and runs nothing.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::chart::{chart, milliseconds};
use super::document::{Document, Found, Help, Run, Tool};

/// Nothing is fetched and nothing runs, whatever stands in the texts.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

const STYLE: &str = include_str!("style.css");

/// The whole file.
pub fn html(document: &Document) -> String {
    let title = "envdoctor report";
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header {
                    h1 { (title) }
                    p { "envdoctor " (document.version) ", " time { (document.made) } }
                }
                main { (body(document)) }
            }
        }
    };
    page.into_string()
}

fn body(document: &Document) -> Markup {
    html! {
        section aria-labelledby="findings" {
            h2 id="findings" { "Findings" }
            @if document.findings.is_empty() { p { "None." } }
            @for found in &document.findings { (finding(found)) }
        }
        @if !document.set_aside.is_empty() {
            section aria-labelledby="aside" {
                h2 id="aside" { "Does not count" }
                (set_aside(&document.set_aside))
            }
        }
        @if !document.unknown.is_empty() {
            section aria-labelledby="unknown" {
                h2 id="unknown" { "Not known" }
                (table(&["Fact", "Why", "Rules"], document.unknown.iter().map(|(a, b, c)| [a, b, c])))
            }
        }
        @if let Some(run) = &document.last_run { (last_run(run)) }
        section aria-labelledby="versions" {
            h2 id="versions" { "Versions" }
            (tools(&document.tools))
        }
        section aria-labelledby="machine" {
            h2 id="machine" { "Machine" }
            (table(&["What", "Value"], document.machine.iter().map(|(a, b)| [a, b])))
        }
        section aria-labelledby="timings" {
            h2 id="timings" { "Timings" }
            figure { (chart(document.charted())) }
            details {
                summary { "As a table: " (document.timings.len()) " questions" }
                @let rows: Vec<_> = document.timings.iter().map(|(what, took)| (what, milliseconds(*took))).collect();
                (table(&["Question", "Time"], rows.iter().map(|(what, took)| [*what, took])))
            }
        }
        section aria-labelledby="facts" {
            h2 id="facts" { "Facts" }
            details {
                summary { (document.facts.len()) " facts" }
                (table(&["Fact", "Value", "Source"], document.facts.iter().map(|(a, b, c)| [a, b, c])))
            }
        }
    }
}

fn set_aside(rows: &[(String, String, String)]) -> Markup {
    table(&["Rule", "Problem", "Why"], rows.iter().map(|(a, b, c)| [a, b, c]))
}

fn finding(found: &Found) -> Markup {
    html! {
        article class=(found.severity) {
            h3 { span class="severity" { (found.severity) } " " (found.message) }
            p { code { (found.rule) } }
            @if !found.evidence.is_empty() {
                (table(&["Where", "Evidence"], found.evidence.iter().map(|(a, b)| [a, b])))
            }
            p { (found.explanation) }
            @if !found.remedies.is_empty() {
                h4 { "What helps" }
                ol {
                    @for Help { title, risk, exactly, told } in &found.remedies {
                        li {
                            (title)
                            @if !risk.is_empty() { " " span class="risk" { "[" (risk) "]" } }
                            @if !exactly.is_empty() { pre { (exactly) } }
                            @if !told.is_empty() { p { (told) } }
                        }
                    }
                }
            }
            @if !found.consequences.is_empty() {
                p { "Follows from it: " (found.consequences.join(", ")) }
            }
        }
    }
}

fn last_run(run: &Run) -> Markup {
    html! {
        section aria-labelledby="run" {
            h2 id="run" { "Last run" }
            p { code { (run.command) } ": " (run.end) }
            @for found in &run.findings { (finding(found)) }
            @if !run.set_aside.is_empty() {
                p { "Known, and does not count:" }
                (set_aside(&run.set_aside))
            }
            @if !run.lines.is_empty() {
                p { "No rule knows this failure. The lines that look most like it:" }
                (table(&["Where", "Text"], run.lines.iter().map(|(a, b)| [a, b])))
            }
        }
    }
}

fn tools(tools: &[Tool]) -> Markup {
    html! {
        div class="wide" {
            table {
                thead { tr { @for head in ["Tool", "This shell", "Asked for", "Path"] { th scope="col" { (head) } } } }
                tbody {
                    @for tool in tools {
                        tr {
                            th scope="row" { (tool.name) }
                            td { (tool.has) }
                            td {
                                @for (at, (place, words, agreement)) in tool.asked.iter().enumerate() {
                                    @if at > 0 { br; }
                                    span class=(agreement) { (words) " (" (place) ", " (agreement) ")" }
                                }
                            }
                            td { code { (tool.path) } }
                        }
                    }
                }
            }
        }
    }
}

fn table<'t, const N: usize>(heads: &[&str; N], rows: impl Iterator<Item = [&'t String; N]>) -> Markup {
    html! {
        div class="wide" {
            table {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (at, cell) in row.iter().enumerate() {
                                @if at == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        let evil = "</pre></style><script>alert(1)</script><img src=x onerror=alert(1)>\"'".to_owned();
        let found = Found {
            rule: evil.clone(),
            severity: "error".to_owned(),
            message: evil.clone(),
            evidence: vec![(evil.clone(), evil.clone())],
            remedies: vec![Help {
                title: evil.clone(),
                risk: evil.clone(),
                exactly: evil.clone(),
                told: evil.clone(),
            }],
            ..Found::default()
        };
        let document = Document {
            findings: vec![found],
            facts: vec![(evil.clone(), evil.clone(), evil.clone())],
            timings: vec![(evil.clone(), 1.0)],
            tools: vec![Tool {
                name: evil.clone(),
                asked: vec![(evil.clone(), evil.clone(), evil)],
                ..Tool::default()
            }],
            ..Document::default()
        };
        let page = html(&document);
        assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
        assert!(page.contains("&lt;script&gt;alert(1)"));
        for outside in ["http://", "https://", "url(", "src=\"", "href="] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
}
