# The commands' answers. Short, kind, exact: what happened, and what to do next.

apology = Something went wrong on my side; it is written in my log. Please try again in a moment.
missing-permission = You need the permission “{ $permission }” for that. Ask an admin of this server.
only-in-a-server = That works only in a server that I have been added to.
memory-unwritable = I can't use my memory right now, so nothing was changed. Please try again in a minute; if it lasts, tell whoever runs this bot.
gone = That is not there any more. Look at the list again.

persona-unknown = I know nobody called “{ $typed }”. There are: { $names }.
persona-ambiguous = “{ $typed }” could be { $names }. Write a little more of the name.
nobody-here = No persona lives here yet. An admin can adopt one with `/persona adopt`.
adopted = **{ $name }** lives here now. Say “{ $name }, hello”, or make { $name } the one who answers with `/persona switch`.
adopted-by-you = **{ $name }** lives with you now. `/persona switch` makes { $name } the one who answers.
adopt-already = **{ $name }** lives here already. `/persona switch` makes { $name } the one who answers.
adopt-newer = **{ $name }** now speaks with version { $version } of the card.
switched = **{ $name }** speaks from now on { $whom }. Say hello, or use `/persona greet`.
switched-hidden = To you, though, **{ $name }** goes on speaking ({ $origin }). `/persona switch inherit` takes that back.
switch-not-adopted = **{ $name }** does not live here yet. Ask an admin of this server to use `/persona adopt`; `/persona list` shows who is here.
choice-inherit = inherit (take the choice back)
choice-cleared = The choice { $whom } is taken back.
choice-was-none = Nobody had been chosen { $whom }.
speaks-now = **{ $name }** speaks to you here ({ $origin }).
whom-you = for you
whom-channel = in this channel
whom-parent = in { $channel }
whom-server = in this server
origin-chosen = chosen { $whom }
origin-default = nobody has been chosen, so the bot's default speaks
list-adopted = **Living here**
list-available = **Could move in** (`/persona adopt`)
show-greeting = Says hello with
show-card = Card
show-about = Version { $version } · by { $creator } · { $greetings ->
    [one] one greeting
   *[other] { $greetings } greetings
} · { $lore ->
    [0] no lore
    [one] one lore entry
   *[other] { $lore } lore entries
}
greeted = **{ $name }** said hello. Answer, and the talk goes on.
greet-not-here = **{ $name }** can't come along to a place where I am not a member. Ask an admin to add me, or write to me in a direct message.

mode-mention = I answer when called ({ $origin }): by mention, by reply, by name, or in a thread where I already talk.
mode-active = I answer every message that is not plainly for somebody else ({ $origin }). `/chat mode mention` makes me quieter.
mode-off = I stay silent ({ $origin }). `/chat mode mention` brings me back.
mode-nowhere = set nowhere, so this is how it begins

budget-title = **What replies cost**
scope-instance = The whole bot
scope-server = This server
scope-channel = { $channel }
scope-member = You, in this server
scope-user = You, in direct messages
period-day = a day
period-month = a month
budget-window = { $scope }, { $period }: { $amounts } · starts afresh <t:{ $reset }:R>
budget-of = { $spent } of { $limit } spent, { $left } left
budget-unlimited = { $spent } spent, no limit
budget-pending = (+ { $pending } set aside for replies being written)
budget-frozen = ⚠ Closed, because a reply cost more than was set aside for it. An admin opens it again with `/budget set`.
budget-is-paused = ⏸ Paused by an admin since <t:{ $since }:f>: nothing is spent here. `/budget pause state:off` goes on.
budget-restored = ⚠ Closed since <t:{ $since }:f>, because a backup was restored. An admin opens this server with `/budget set`; the operator opens all with `familiar ledger acknowledge`.
budget-share = Your share, { $period }: { $used } used, { $open } open now, { $cap } at most ({ $members ->
    [one] one member shares
   *[other] { $members } members share
} the limit)
stance-full = Everything is on. With less than { $background } % left, summaries and facts wait; with less than { $short } %, replies keep to the point. Help in a crisis, `/budget` and `/memory` never stop.
stance-no-background = Less than { $background } % is left: summaries and facts wait for the next window. With less than { $short } %, replies keep to the point. Help in a crisis, `/budget` and `/memory` never stop.
stance-to-the-point = Less than { $short } % is left: replies keep to the point, and summaries and facts wait (since { $background } %). Help in a crisis, `/budget` and `/memory` never stop.
budget-spent-on = **This month**
by-persona = Personas: { $list }
by-purpose = For: { $list }
by-model = Models: { $list }
by-member = Members, this month: { $list }
nobody = background
purpose-reply = replies
purpose-summary = summaries
purpose-facts = facts
purpose-embedding = memory index
purpose-recall = memory search
purpose-probe = probes
budget-for-admins = **For admins**
budget-nearly = ⚠ { $percent } % of the limit for { $period } is used. `/budget set` raises it.
budget-rules = One member may use at most { $percent } % · { $models }
warnings-nowhere = Nobody is warned at 80 % and 95 %: choose a place with `/budget set warning_channel`.
warnings-to = Warnings at 80 % and 95 % go to { $channel }.
warnings-lost = ⚠ Warnings cannot be posted in { $channel }: it is gone, or I may not write there. Give me View Channel and Send Messages, or choose another with `/budget set warning_channel`.
warnings-not-there = I may not write in { $channel }, so nothing was changed. Give me View Channel and Send Messages there, or choose another channel.
budget-no-replies = No reply has cost anything yet.
budget-replies = **Last replies**
budget-reply = <t:{ $at }:t> **{ $persona }**: { $tokens }, { $price } ({ $model })
cost-reported = { $input } + { $output } tokens
cost-held = { $tokens } tokens (all that was set aside; the model did not say what it used)
cost-prompt = { $tokens } tokens (what was set aside for the prompt; the model failed before it answered)
cost-free = free
tokens = { $count } tokens
no-limit = no limit
budget-set = **The budget of this server was changed**
budget-set-already = It was like that already; nothing changed.
budget-set-next = `/budget show` shows what is left, `/budget history` who changed what.
budget-set-nothing = Say what to change: an amount, a time zone, a member's percent, models, or where to warn.
budget-set-amount-missing = Write the amount as well, such as `amount: 1.50`; `none` is no limit and `default` the operator's.
budget-opened = Replies are open again.
budget-not-a-number = “{ $typed }” is not an amount. Write a number such as 1.50 for dollars or 200000 for tokens, `none` for no limit, or `default`.
zone-unknown = “{ $typed }” is not a time zone that I know. Write one like Europe/Berlin; the list helps while you type.
model-unknown = “{ $typed }” is not a model of mine. There are: { $models }. Write their names with commas between them, or `all`.
change = { $what }: { $before } → { $after }
change-stays = { $what }: { $value }, as before
change-limit = Limit { $period }
change-zone = Time zone
change-acknowledge = Opened again after a breach
change-paused = Paused
change-unpaused = Opened again after a pause
change-member-percent = Most for one member
change-models = Models
change-warning-channel = Warnings
change-in-channel = In { $channel }: { $change }
change-of-member = For { $member }: { $change }
the-default = the default
the-operator = the operator
all-models = all models
no-warnings = nowhere
nothing-set = nothing
history-title = **Changes of this server's budget** (page { $page } of { $pages })
history-line = <t:{ $at }:f> { $by } · { $change }
history-empty = Nobody has changed this server's budget yet. `/budget set` does.
paused = **Paused.** From now on nothing is spent in this server; replies being written are finished. Personas answer with one line meanwhile, and help in a crisis goes on. `/budget pause state:off` goes on.
paused-already = It is paused already. `/budget pause state:off` goes on.
unpaused = Personas speak again. `/budget show` shows what is left.
not-paused = It is not paused; nothing changed. `/budget pause` stops what costs.
budget-warning = ⚠ { $percent } % of this server's budget for { $period } is used: { $spent } of { $limit }. It starts afresh <t:{ $reset }:R>. Admins can change it with `/budget set`.
unit-usd = US dollars
unit-tokens = tokens
chart-days = Spent a day and its limit ({ $unit })
chart-personas = Personas, this month
chart-today = today
chart-limit = limit
chart-limit-above = limit, above this picture:
chart-nothing = nothing spent yet
chart-alt = A chart of what the last { $days } days cost.
chart-alt-today = {" "}Today: { $spent } of { $limit }.
chart-alt-personas = {" "}By persona this month: { $list }.
chart-alt-earlier = {" "}Earlier: { $list }.

memory-title = **What { $name } remembers of your words here** ({ $total ->
    [one] one message
   *[other] { $total } messages
}, page { $page } of { $pages })
memory-hint = `/memory forget` removes them. Editing or deleting a message on Discord changes or removes its memory too.
summary-title = **What talk here came to, as { $name } has it in mind** (from { $messages ->
    [one] one message
   *[other] { $messages } messages
} since { $since })
summary-hint = It holds what several people said, without anything by those who said no to facts. It goes when words that it has read are deleted, forgotten or kept no longer, and is written anew from the rest.
summary-none = { $name } has no summary of this place now.
summary-there-is = There is also a summary of this place: `/memory show kind: the summary of this place`.
memory-empty = { $name } remembers nothing that you said here.
forget-mine-sure = { $name } will forget everything that you said here, and the answers to it. This cannot be undone. Are you sure?
forget-channel-sure = { $name } will forget everything that anybody said in this channel. This cannot be undone. Are you sure?
forget-yes = Forget it
forget-no = Keep it
forget-kept = Nothing was forgotten.
forgotten = Forgotten: { $count ->
    [0] there was nothing
    [one] one message
   *[other] { $count } messages
}. It is gone from my memory; the messages on Discord stay.
forget-not-yours = You need the permission “Manage Channels” for that. Nothing was forgotten.

facts-title = **What { $name } knows of you here** ({ $total ->
    [one] one thing
   *[other] { $total } things
}, page { $page } of { $pages })
facts-hint = `/memory correct` puts one right, `/memory pin` keeps one first in mind when you talk, `/memory forget` removes one. Deleting its message on Discord removes it too.
facts-none-yet = { $name } knows nothing of you here yet. It learns from what you say, some messages later. `/memory show` also lists what you said.
facts-not-allowed = { $name } keeps no facts about you, because you have not allowed it. `/memory consent facts:True` does; what you said is listed by `/memory show kind:what I said`.
fact-superseded = no longer: { $since } to { $until }
fact-said-again = { $since }, said { $times } times, last { $last }
fact-unknown = I know no such thing of you here. Choose one from the list that opens while you type; `/memory show` has them all.
fact-too-long = Please say it in one sentence of at most { $most } characters.
fact-corrected = Noted: “{ $new }” stands in the place of “{ $old }”. `/memory show` has both.
fact-only-for-you = Until you say it here yourself, it is in mind only when you are answered.
fact-pinned = 📌 Kept first in mind whenever you talk here: “{ $fact }”. `/memory pin` with pinned: False takes the pin away.
fact-unpinned = No longer pinned: “{ $fact }”. It is still known; `/memory forget` removes it.
fact-own-words = your own words
fact-words-of = words of { $who }
fact-not-corrected = { $why } “{ $old }” stands as it was.
unfit-sentences = Please say it in one sentence: a fact is one thing at a time.
unfit-markup = Please write it in plain words, without mentions, brackets, code or other marks.
unfit-orders = A fact says how something is with you and tells nobody what to do. You may write, for example, “{ $name } likes short answers.”
unfit-power = Who may do what here is up to Discord's roles, not to my memory. You may tell anything else of yourself: where you live, what you like, what you do.
unfit-somebody-else = A fact is about yourself. Please begin with your name or with “I”, for example “{ $name } lives in Lisbon.”, and leave others out, but for your own family, friends and pets.
unfit-names = { $other } has not allowed facts, so I keep none with that name in it. You may say it without the name.
unfit-sensitive = That is about health, money, sexuality, religion or politics, and you have not allowed facts about these. `/memory consent facts:True sensitive:True` allows them; then write it again.
fact-pins-full = You have pinned { $most } things here already, and more would leave no room for what is being said:{ $list }
    `/memory pin` with pinned: False takes one of them away; then pin this one.
pins-title = **What people have pinned for { $name } here** ({ $total ->
    [one] one pin
   *[other] { $total } pins
}, page { $page } of { $pages })
pins-hint = A button takes a pin away. What was pinned stays known, and its person can pin it again.
pins-none = Nobody has pinned anything for { $name } here.
pins-remove = Unpin { $place }
pins-not-yours = You need the permission “Manage Channels” for that. Every pin is as it was.
fact-dropped = Forgotten: “{ $fact }”. It can be learned again if you say it again; `/memory consent` decides whether anything is.
consent-all = Personas may keep facts about you, sensitive ones too. `/memory show` lists them; `/memory consent facts:False` forgets them all.
consent-facts = Personas may keep facts about you, but none about health, money, sexuality, religion or politics{ $count ->
    [0] {""}
    [one] {" "}(one such fact is forgotten)
   *[other] {" "}({ $count } such facts are forgotten)
}. `/memory show` lists them; `/memory consent facts:False` forgets them all.
consent-none = No facts about you are kept from now on, and summaries no longer read what you say. Forgotten: { $count ->
    [0] there were none
    [one] one fact
   *[other] { $count } facts
}. `/memory consent facts:True` allows them again.
memory-paused = What you say in this channel and its threads is not kept from now on, nor the answers to it. Mention a persona, reply to it or call it by name: it answers, and forgets. `/memory pause` with paused: False goes on.
memory-paused-thread = What you say in this thread is not kept from now on, nor the answers to it. Mention a persona, reply to it or call it by name: it answers, and forgets. `/memory pause` with paused: False goes on.
memory-paused-above = What you say in this thread is still not kept: you have paused { $channel }, and a pause holds in a channel's threads. `/memory pause` with paused: False in { $channel } goes on.
memory-is-paused = ⏸ You have paused memory here: what you say is not kept. `/memory pause` with paused: False goes on.
memory-is-paused-above = ⏸ You have paused memory in { $channel } and so in its threads: what you say here is not kept. `/memory pause` with paused: False in { $channel } goes on.
memory-goes-on = What you say here is kept again. `/memory show` lists it.
search-title = **What you said to { $name } about that**
search-nothing = { $name } finds nothing that you said about that here. Try other words; `/memory show` lists everything.
keep-for-ever = This server's messages are kept word for word for ever, until somebody forgets them. `/memory keep` with a number of days changes that.
keep-days = This server's messages are kept word for word for { $days ->
    [one] one day
   *[other] { $days } days
}, and dropped within an hour after. What was learned from them stays until it is forgotten. `/memory keep` changes that.
threads-on = From now on personas in this server's threads and forum posts also read what the channel above remembers: its words, its summary and what they know of people there. They write nothing there, and no channel reads its threads. `/memory show` in a thread says so; `/memory threads state:off` ends it.
threads-off = In threads and forum posts of this server, personas remember only what was said in them. `/memory threads state:on` lets them read the channel above, too.
threads-read-here = Here { $name } also reads what { $channel } remembers, and writes nothing there. `/memory show` in { $channel } lists it.
profile-on = From now on { $name } may use what it knows of you from one channel of this server in its other channels: the facts that `/memory show` lists, not your words; only in answers to you; only from channels that everybody here can read and that are not age-restricted; never from direct messages or another server. Others can read such an answer. `/memory profile state:off` ends it at once.
profile-no-facts = For now { $name } keeps no facts about you, because you have not allowed it: `/memory consent facts:True` does.
profile-off = In each channel of this server { $name } knows of you only what it learned there. `/memory profile state:on` changes that.
profile-title = **What { $name } also knows of you here, from other channels of this server** (correct or forget it there; `/memory profile state:off` ends it)
profile-more = … and { $count } more.
fact-from = from { $channel }
privacy-export-more = Page { $page } of it.
privacy-export-cut = There is more than { $files } files take, and it stops here: the last one says so. Have some of it forgotten that you no longer want (`/memory forget`), or ask whoever runs this bot for the rest.
privacy-export = Here is all that is kept of you, in every server and in direct messages. `/privacy forget-me` has it forgotten.
forget-me-sure = Everything is forgotten that is kept of you, in every server and in direct messages: what you said, the answers, what is known of you, the summaries that have read you, what you chose. What your replies cost stays in the budget's books, under your number. This cannot be undone. Are you sure?
forgotten-me = Everything that was kept of you is gone ({ $count ->
    [0] there were no messages
    [one] one message
   *[other] { $count } messages
}). The messages on Discord stay. If you write again, a new memory begins.

why-title = **Why { $name } said that**, in answer to [this message]({ $link })
why-title-alone = **Why { $name } said that**. The message that it answers is no longer kept.
why-call = Asked: { $model }. Cost: { $cost }. At most { $cap } tokens of reply; { $held } were set aside first.
why-call-gone = What the call cost is no longer known.
why-cost = { $tokens }, { $price }
why-cost-open = still open, { $tokens } tokens are set aside
why-full = The whole request went out, nothing was left out for want of budget.
why-shrunk = Made smaller to fit the budget: { $ways }. `/budget show` shows what is left.
why-cheaper = the cheaper model
why-shorter = a shorter reply ({ $cap } of the usual { $usual } tokens)
why-lean = fewer memories
why-brief = asked to come to the point
list-comma = {", "}
why-sections = **What went along** (tokens, about)
why-share = • { $parts }, of { $limit }
why-no-share = • { $parts }
why-window = { $name } { $tokens } (numbers { $first } to { $last })
why-section-persona-and-safety = persona and safety
why-section-world = world
why-section-summary = summary
why-section-names = names
why-section-facts = facts
why-section-examples = examples
why-section-recent-turns = recent messages
why-section-recalled = recalled
why-section-lore = lore
why-section-told = what they told before
why-section-guidance = what to do with it
why-section-example-again = the example again
why-section-reminder = reminder
why-section-message = the message
why-recalled = **What it remembered**
why-by = { $name } said something
why-words = shares words with the message
why-meaning = means something alike
why-neighbours = stands beside such talk
why-speaker = who said it is named
why-nearest = nothing was nearer
why-gone = • no longer kept: forgotten, deleted or expired since
why-more = • and { $count } more
why-facts = **What it knew of people**
why-brought-up = the message brought it up
why-pinned = 📌 pinned
why-always = always in mind here
why-facts-gone = • { $count ->
    [one] one fact that was forgotten since
   *[other] { $count } facts that were forgotten since
}
why-facts-others = • { $count ->
    [one] one fact about somebody else, which only they see
   *[other] { $count } facts about others, which only they see
}
why-lore = **Lore of its card**
why-lore-always = always there
why-lore-key = { $back ->
    [0] a key of it stands in the message
    [one] a key of it stands one message back
   *[other] a key of it stands { $back } messages back
}
why-lore-lore = other lore led to it
why-lore-gone = • an entry of a card that is gone
why-hint = `/memory correct` puts a fact right, `/memory forget` removes it; deleting a message on Discord takes it out of memory.
why-greeting = No model was asked for this: these are first words from the persona's card, and they cost nothing. `/persona show` shows the card.
why-too-old = This is a persona's reply, from before I wrote down why. Ask about a newer one.
why-no-model = No model answered this, and it cost nothing: it is a fixed line of mine, such as a card with help, a resting line or a notice. `/budget show` shows what is left to spend.
why-not-kept = { $model } was asked for this ({ $cost }). Nothing else is kept of it: memory was paused, the model said nothing, or it was forgotten since. `/memory pause` with paused: False keeps what comes.
why-unfinished = I am still answering here. When this reply is whole, open the menu again.
why-unknown = I know nothing of this message: somebody else wrote it, it answers a command, or it was forgotten. Open the menu on a persona's reply in this channel; `/memory show` lists what is kept of yours.

help = **Talking.** Mention me, reply to a persona, call one by name (“{ $name }, …”), or write to me directly. In a thread where I talk, just talk.
    {"**"}Who speaks.** `/persona list`, `/persona switch` (for you, this channel, this server), `/persona greet`.
    {"**"}When.** `/chat mode`: when called, always, or never.
    {"**"}What I remember.** `/memory show`, `/memory consent`, `/memory forget`; `/privacy` for all of it. Each channel has its own memory; nothing crosses over unless you (`/memory profile`) or your server (`/memory threads`) say so. On a reply, Apps › “Why this reply?” shows what went into it.
    {"**"}What it costs.** `/budget show`; admins use `/budget set`, `/budget history`, `/budget pause`.
    {"**"}What I am.** `/about`.
about = **{ $name } is an AI companion**, played by a language model. It can be wrong, and it is not a person.
    Model: { $model }, at { $endpoint }. Your message and what is remembered here are sent there to be answered.
    Run by: { $operator }. What is said is kept in this bot's own database, per channel; `/memory show`, `/memory forget` and `/privacy` are yours.
    Familiar { $version }, free software (MIT or Apache-2.0).
about-operator-unnamed = somebody who has not said their name (instance.operator in the configuration)
