//! A person's own copy of what is kept of them: pages of JSON that people can read, each whole by itself, made one after
//! the other as they are taken.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use store::StoreError;
use store::facts::Fact;
use store::id::{ScopeId, UserId};
use store::turns::{Author, Turn};
use tokio::sync::mpsc;

use crate::Memory;

/// Rows that are read at once.
const ROWS: u32 = 500;
/// The most spaces before a line of a page.
const INDENT: usize = 12;

/// A page in the making.
struct Pages {
    ready: mpsc::Sender<String>,
    /// Bytes of a page at most.
    most: usize,
    person: UserId,
    made: DateTime<Utc>,
    number: u32,
    lists: Map<String, Value>,
    places: Vec<Value>,
    /// Whether the last of the places is the one that is being copied.
    here: bool,
    size: usize,
}

/// Nobody takes pages any more.
struct Unwanted;

impl Pages {
    /// Puts a row into a list of the person's.
    async fn put(&mut self, list: &str, row: Value) -> Result<(), Unwanted> {
        self.make_room(&row).await?;
        push(self.lists.entry(list).or_insert_with(|| json!([])), row);
        Ok(())
    }

    /// Puts a row into a list of a place.
    async fn put_in(&mut self, place: &Value, list: &str, row: Value) -> Result<(), Unwanted> {
        self.make_room(&row).await?;
        if !self.here {
            self.places.push(place.clone());
            self.size += size(place);
            self.here = true;
        }
        if let Some(Value::Object(place)) = self.places.last_mut() {
            push(place.entry(list).or_insert_with(|| json!([])), row);
        }
        Ok(())
    }

    async fn make_room(&mut self, row: &Value) -> Result<(), Unwanted> {
        let more = size(row);
        if self.size > 0 && self.size + more > self.most {
            self.turn_over(false).await?;
        }
        self.size += more;
        Ok(())
    }

    /// Gives the page away and begins the next.
    async fn turn_over(&mut self, is_last: bool) -> Result<(), Unwanted> {
        let mut page = Map::new();
        page.insert("person".into(), json!(self.person.to_string()));
        page.insert("made".into(), json!(self.made));
        page.insert("page".into(), json!(self.number));
        page.insert("is_the_last_page".into(), json!(is_last));
        page.append(&mut self.lists);
        page.insert(
            "places".into(),
            Value::Array(std::mem::take(&mut self.places)),
        );
        (self.here, self.size) = (false, 0);
        self.number += 1;
        let text = format!("{:#}", Value::Object(page));
        self.ready.send(text).await.map_err(|_| Unwanted)
    }
}

fn push(list: &mut Value, row: Value) {
    if let Value::Array(rows) = list {
        rows.push(row);
    }
}

/// What a row takes on a page, or a little less.
fn size(row: &Value) -> usize {
    let text = format!("{row:#}");
    text.len() + INDENT * (1 + text.lines().count())
}

impl Memory {
    /// Hands over all that is kept of a person, page by page, each of at most about `most` bytes: their words and the
    /// answers to them, what is known of them and the summaries that have read them, place by place; their consent and
    /// choices, the calls that were made for them. It ends early when nobody takes a page.
    pub async fn copy_of_person(
        &self,
        user: UserId,
        now: DateTime<Utc>,
        most: usize,
        pages: mpsc::Sender<String>,
    ) -> Result<(), StoreError> {
        let mut pages = Pages {
            ready: pages,
            most,
            person: user,
            made: now,
            number: 1,
            lists: Map::new(),
            places: vec![],
            here: false,
            size: 0,
        };
        if !self.copy_lists(user, &mut pages).await? {
            return Ok(());
        }
        for scope in self.store.scopes_of_person(user).await? {
            if !self.copy_place(&scope, user, &mut pages).await? {
                return Ok(());
            }
        }
        // If nobody wants it, nobody misses it.
        let _ = pages.turn_over(true).await;
        Ok(())
    }

    /// `false` if nobody takes pages any more.
    async fn copy_lists(&self, user: UserId, pages: &mut Pages) -> Result<bool, StoreError> {
        let (rows, mut taken) = mpsc::channel(ROWS as usize);
        let store = self.store.clone();
        let reading = async move { store.kept_of(user, &rows).await };
        let putting = async {
            while let Some((list, row)) = taken.recv().await {
                let row = serde_json::from_str(&row).unwrap_or(Value::String(row));
                if pages.put(list, row).await.is_err() {
                    taken.close();
                    return false;
                }
            }
            true
        };
        let (read, wanted) = tokio::join!(reading, putting);
        read.map(|()| wanted)
    }

    /// `false` if nobody takes pages any more.
    async fn copy_place(
        &self,
        scope: &ScopeId,
        user: UserId,
        pages: &mut Pages,
    ) -> Result<bool, StoreError> {
        let persona = self.store.persona(scope.persona).await?;
        let place = json!({
            "server": scope.guild.map(|guild| guild.to_string()),
            "channel": scope.channel.to_string(),
            "persona": persona.map(|persona| persona.name),
        });
        pages.here = false;
        let mut rows: Vec<(&str, Value)> = vec![];
        if self.store.summary_has_read(scope, user).await?
            && let Some(summary) = self.store.summary(scope).await?
        {
            rows.push((
                "summary",
                json!({"text": summary.text, "written": summary.at}),
            ));
        }
        for fact in self.facts_about(scope, user).await? {
            rows.push(("facts", fact_row(&fact)));
        }
        let mut after = 0;
        loop {
            for (list, row) in rows.drain(..) {
                if pages.put_in(&place, list, row).await.is_err() {
                    return Ok(false);
                }
            }
            let talk = self.store.talk_of(scope, user, after, ROWS).await?;
            let Some(last) = talk.last() else {
                return Ok(true);
            };
            after = last.number;
            rows.extend(talk.iter().map(turn_row));
        }
    }
}

fn fact_row(fact: &Fact) -> Value {
    json!({
        "fact": fact.text,
        "since": fact.learned_at,
        "last_said": fact.confirmed_at,
        "times_said": fact.strength,
        "pinned": fact.pinned,
        "written_by": fact.origin.author().map(|author| author.to_string()),
        "superseded": fact.superseded.map(|(_, at)| at),
        "messages": fact.sources.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn turn_row(turn: &Turn) -> (&'static str, Value) {
    let list = match turn.author {
        Author::Person(_) => "said",
        Author::Persona => "answers",
    };
    let row = json!({
        "at": turn.at,
        "text": turn.text,
        "messages": turn.messages.iter().map(ToString::to_string).collect::<Vec<_>>(),
    });
    (list, row)
}
