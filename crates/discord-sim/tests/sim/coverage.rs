//! The page that says what the simulator has and has not is true: every route of Discord's documents is in it, those that it
//! says are there answer, and the others do not.

use reqwest::StatusCode;
use serde_json::Value;

use crate::caller::Home;

const PAGE: &str = include_str!("../../README.md");

/// The routes in one column of the tables between the two headings.
fn routes(column: usize) -> Vec<(String, String)> {
    let part = PAGE
        .split("## REST")
        .nth(1)
        .and_then(|rest| rest.split("\n## ").next())
        .unwrap();
    let cells = part
        .lines()
        .filter(|line| line.starts_with("| ["))
        .filter_map(|line| line.split('|').nth(column));
    cells
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .filter_map(|route| route.split_once(' '))
        .flat_map(|(methods, path)| {
            let path = path.to_owned();
            methods
                .split('/')
                .map(move |method| (method.to_owned(), path.clone()))
        })
        .collect()
}

/// Whether the simulator knows the route: an unknown one is refused with the general code.
async fn is_known(home: &Home, method: &str, path: &str) -> bool {
    let mut filled = String::new();
    for segment in path.split('/').skip(1) {
        filled.push('/');
        filled.push_str(if segment.starts_with('{') {
            "1"
        } else {
            segment
        });
    }
    let answer = home.call(method, &filled, Value::Null).await;
    let general = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED]
        .iter()
        .any(|status| answer.refusal() == (status.as_u16(), 0));
    // A word of the path that was taken for an id: another route answered.
    let astray = answer.body.to_string().contains("NUMBER_TYPE_COERCE");
    !general && !astray
}

#[tokio::test]
async fn the_page_tells_the_truth_about_every_route_of_discords_documents() {
    let home = Home::new().await;
    let (there, missing) = (routes(2), routes(3));
    assert!(
        there.len() + missing.len() >= 200,
        "the page lists the routes"
    );
    let mut wrong = Vec::new();
    for (list, expected) in [(there, true), (missing, false)] {
        for (method, path) in list {
            if is_known(&home, &method, &path).await != expected {
                wrong.push(format!("{method} {path}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "in the wrong column of README.md: {wrong:#?}"
    );
}
