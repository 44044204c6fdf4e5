//! Bodies of many kinds, cut in every way.

use futures_util::stream;
use proptest::prelude::*;

use super::*;

/// What is read of a body that comes in these pieces: the events, how it ended, how much was passed over.
async fn read(pieces: Vec<Vec<u8>>, cut: bool) -> (Vec<Event>, Option<ProviderError>, u64) {
    let end = cut.then_some(Err(Cut));
    let bytes = stream::iter(pieces.into_iter().map(Ok).chain(end));
    let mut reader = Reader::over(Box::pin(bytes), "", "h".to_owned());
    let mut events = Vec::new();
    let failure = loop {
        match reader.next().await {
            Some(Ok(event)) => events.push(event),
            Some(Err(failure)) => break Some(failure.error),
            None => break None,
        }
    };
    (events, failure, reader.skipped())
}

async fn whole(body: &str) -> (Vec<Event>, Option<ProviderError>, u64) {
    read(vec![body.as_bytes().to_vec()], false).await
}

fn json(value: Value) -> Event {
    Event::Json {
        name: String::new(),
        value,
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_passed_over_and_counted() {
    let body = "data: ping\n\ndata: {\"a\":1}\n\ndata: 2024-04-07 20:20:50\n\ndata: \"\"\n\ndata: 12\n\ndata: {\"a\":2}\n\n";
    let (events, failure, skipped) = whole(body).await;
    let expected = [1, 2].map(|a| json(serde_json::json!({ "a": a })));
    assert_eq!(
        (events.as_slice(), failure, skipped),
        (&expected[..], None, 4)
    );
}

#[tokio::test]
async fn a_body_of_nothing_else_is_no_stream_of_events() {
    for body in ["data: ping\n\n", "Service is starting\n", "data: <b>\n\n"] {
        let (events, failure, _) = whole(body).await;
        assert!(events.is_empty(), "{body}");
        assert!(
            matches!(failure, Some(ProviderError::Protocol { .. })),
            "{body}"
        );
    }
    for body in ["", ": only a comment\n\n", "data: {\"cut"] {
        assert_eq!(whole(body).await, (vec![], None, 0), "{body}");
    }
}

#[tokio::test]
async fn an_error_by_name_looks_like_any_other() {
    let error = serde_json::json!({"error": {"code": 400}});
    for body in [
        "error: {\"code\":400}\n\n",
        "event: error\ndata: {\"code\":400}\n\n",
        "event:error\ndata:{\"error\":{\"code\":400}}\n\n",
    ] {
        let (events, ..) = whole(body).await;
        let [Event::Json { value, .. }] = &events[..] else {
            panic!("{body}: {events:?}")
        };
        assert_eq!(value, &error, "{body}");
    }
    let (events, ..) = whole("event: error\ndata: out of memory\n\n").await;
    let expected = Event::Json {
        name: "error".to_owned(),
        value: serde_json::json!({"error": "out of memory"}),
    };
    assert_eq!(events, [expected]);
}

#[tokio::test]
async fn an_end_mark_is_known_in_every_dress() {
    for body in [
        "data: [DONE]\n\n",
        "data:[DONE]",
        "data:  [ DONE ] \n\n",
        "[DONE]\n",
    ] {
        assert_eq!(whole(body).await.0, [Event::Done], "{body}");
    }
    let glued = "data: {\"a\":1}\ndata: [DONE]\n\n";
    assert_eq!(whole(glued).await.0.last(), Some(&Event::Done));
}

#[tokio::test]
async fn the_last_event_before_a_cut_still_counts() {
    let pieces = vec![b"data: {\"a\":1}".to_vec()];
    let (events, failure, _) = read(pieces, true).await;
    assert_eq!(events.len(), 1);
    assert_eq!(failure, Some(ProviderError::CutStream));
}

const BODIES: [&str; 6] = [
    "\u{feff}: hi\r\ndata: {\"a\":\"é🦊\"}\r\n\r\nevent: ping\ndata: ping\n\ndata: {\"a\":NaN}\r\rdata: [DONE]\n\n",
    "{\n \"choices\": [ {\"message\": {\"content\": \"a }{ \\\" b\"}} ]\n}\n",
    "{\"a\":1}\n{\"a\":\"\\ud83e\"}\n{\"a\":\"\\udd8a\"}\n",
    "error: {\"code\":400}\n\ndata: [DONE]\n\n",
    "data:\n {\"a\":1}\n\nevent: x\ndata: {\"a\":\ndata: 2}\n\n",
    "data: ping\n\nwhat is this\n",
];

proptest! {
    /// Whatever the pieces, the same is read; and no bytes, however broken, do harm.
    #[test]
    fn any_chunking_of_any_bytes_reads_the_same(
        body in 0..BODIES.len(),
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let mut bytes = BODIES[body].as_bytes().to_vec();
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|cut| bytes[cut[0]..cut[1]].to_vec()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let at_once = runtime.block_on(read(vec![bytes.clone()], false));
        prop_assert_eq!(runtime.block_on(read(pieces, false)), at_once);
    }
}
