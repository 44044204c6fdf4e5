use super::*;

fn lane(n: u64) -> ChannelId {
    ChannelId::new(n)
}

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Everyone who may go by `now`.
fn gone(schedule: &mut Schedule<u32>, now: Instant) -> Vec<u32> {
    let mut gone = Vec::new();
    while let Next::Go(ticket) = schedule.next(now, |_| true) {
        gone.push(ticket);
    }
    gone
}

#[test]
fn a_channel_has_one_edit_in_its_gap() {
    let (mut schedule, start) = (Schedule::default(), Instant::now());
    schedule.ask(lane(1), Urgency::Streaming, 1);
    schedule.ask(lane(1), Urgency::Streaming, 2);
    schedule.ask(lane(2), Urgency::Streaming, 3);
    assert_eq!(gone(&mut schedule, start), [1, 3]);
    assert_eq!(schedule.next(start, |_| true), Next::At(start + LANE_GAP));
    assert_eq!(gone(&mut schedule, start + LANE_GAP - ms(1)), [0_u32; 0]);
    assert_eq!(gone(&mut schedule, start + LANE_GAP), [2]);
    assert_eq!(schedule.next(start + LANE_GAP, |_| true), Next::Idle);
}

#[test]
fn a_new_message_counts_as_its_channels_edit() {
    let (mut schedule, start) = (Schedule::default(), Instant::now());
    schedule.sent(lane(1), start);
    schedule.ask(lane(1), Urgency::Streaming, 1);
    assert_eq!(gone(&mut schedule, start + ms(1_000)), [0_u32; 0]);
    assert_eq!(gone(&mut schedule, start + LANE_GAP), [1]);
}

#[test]
fn a_finished_reply_does_not_wait_for_the_gap_but_the_next_one_pays_for_it() {
    let (mut schedule, start) = (Schedule::default(), Instant::now());
    schedule.sent(lane(1), start);
    schedule.ask(lane(1), Urgency::Final, 1);
    assert_eq!(gone(&mut schedule, start + ms(100)), [1]);
    schedule.ask(lane(1), Urgency::Streaming, 2);
    assert_eq!(gone(&mut schedule, start + LANE_GAP), [0_u32; 0]);
    assert_eq!(gone(&mut schedule, start + 2 * LANE_GAP), [2]);
}

#[test]
fn finished_replies_go_before_all_others_and_have_room_of_their_own() {
    let (mut schedule, start) = (Schedule::default(), Instant::now());
    for n in 0..100 {
        schedule.ask(lane(1 + u64::from(n)), Urgency::Streaming, n);
    }
    for n in 100..110 {
        schedule.ask(lane(1 + u64::from(n)), Urgency::Final, n);
    }
    let first = gone(&mut schedule, start);
    assert_eq!(first[..10], (100..110).collect::<Vec<_>>());
    assert_eq!(first.len(), STREAMING_PER_SECOND);
    for n in 200..230 {
        schedule.ask(lane(1 + u64::from(n)), Urgency::Final, n);
    }
    assert_eq!(
        gone(&mut schedule, start).len(),
        FINAL_PER_SECOND - STREAMING_PER_SECOND
    );
    assert_eq!(schedule.next(start, |_| true), Next::At(start + SECOND));
}

#[test]
fn no_second_holds_more_than_the_limit_and_everyone_gets_the_same_share() {
    let (mut schedule, start) = (Schedule::default(), Instant::now());
    let mut edits = vec![0_usize; 90];
    let mut sent = Vec::new();
    for n in 0..90 {
        schedule.ask(lane(1 + u64::from(n)), Urgency::Streaming, n);
    }
    for step in 0..1_200 {
        let now = start + ms(10 * step);
        for ticket in gone(&mut schedule, now) {
            edits[ticket as usize] += 1;
            sent.push(now);
            schedule.ask(lane(1 + u64::from(ticket)), Urgency::Streaming, ticket);
        }
    }
    let most_in_a_second = sent
        .iter()
        .map(|from| {
            sent.iter()
                .filter(|at| *at >= from && **at < *from + SECOND)
                .count()
        })
        .max();
    assert_eq!(most_in_a_second, Some(STREAMING_PER_SECOND));
    // 12 s at 30 a second for 90 writers: four each.
    assert_eq!(edits.iter().min(), edits.iter().max());
    assert_eq!(edits[0], 4);
}

#[test]
fn a_ticket_that_nobody_wants_costs_nothing() {
    let (mut schedule, start) = (Schedule::default(), Instant::now());
    schedule.ask(lane(1), Urgency::Streaming, 1);
    schedule.ask(lane(1), Urgency::Final, 2);
    schedule.ask(lane(1), Urgency::Streaming, 3);
    assert_eq!(schedule.next(start, |ticket| *ticket == 3), Next::Go(3));
}

#[tokio::test(start_paused = true)]
async fn at_a_stop_the_writing_is_refused_and_the_finished_goes() {
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let edits = Edits::start(stop.clone(), &tasks);
    assert!(edits.permit(lane(1), Urgency::Streaming).await);
    let waiting = tokio::spawn({
        let edits = edits.clone();
        async move { edits.permit(lane(1), Urgency::Streaming).await }
    });
    tokio::task::yield_now().await;
    stop.cancel();
    assert!(!waiting.await.unwrap());
    assert!(edits.permit(lane(1), Urgency::Final).await);
    assert!(!edits.permit(lane(1), Urgency::Streaming).await);
    tasks.close();
    tasks.wait().await;
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_its_place_does_not_hold_the_channel() {
    let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
    let edits = Edits::start(stop, &tasks);
    let start = Instant::now();
    assert!(edits.permit(lane(1), Urgency::Streaming).await);
    let gave_up = tokio::time::timeout(ms(100), edits.permit(lane(1), Urgency::Streaming)).await;
    assert!(gave_up.is_err());
    assert!(edits.permit(lane(1), Urgency::Streaming).await);
    assert_eq!(start.elapsed().as_millis() / 100, 12);
}
