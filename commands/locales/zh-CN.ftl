# 命令的回答：简短、友善、准确，说清发生了什么、接下来怎么做。

apology = 我这边出了点问题，已经记进日志。请稍后再试。
missing-permission = 这需要“{ $permission }”权限。请找这个服务器的管理员。
only-in-a-server = 这只能在加了我的服务器里用。
memory-unwritable = 我的记忆现在用不了，什么都没有改动。请过一分钟再试；一直这样的话，请告诉机器人的管理者。
gone = 它已经不在了，再看看列表吧。

persona-unknown = 我不认识“{ $typed }”。现有：{ $names }。
persona-ambiguous = “{ $typed }”可能是 { $names }。名字再多写一点。
nobody-here = 这里还没有角色。管理员可以用 `/persona adopt` 领养一位。
adopted = **{ $name }** 住下了。直接喊“{ $name }，你好”，或用 `/persona switch` 让 { $name } 来答话。
adopted-by-you = **{ $name }** 住到你这儿了。用 `/persona switch` 让 { $name } 来答话。
adopt-already = **{ $name }** 已经住在这里了。用 `/persona switch` 让 { $name } 来答话。
adopt-newer = **{ $name }** 现在用第 { $version } 版角色卡说话。
switched = 从现在起，{ $whom }由 **{ $name }** 答话。打个招呼，或用 `/persona greet`。
switched-hidden = 不过对你说话的仍是 **{ $name }**（{ $origin }）。用 `/persona switch inherit` 可以撤回那个选择。
switch-not-adopted = **{ $name }** 还没住进来。请管理员用 `/persona adopt`；`/persona list` 能看到谁在这里。
choice-inherit = inherit（撤回选择）
choice-cleared = { $whom }的选择已撤回。
choice-was-none = { $whom }本来就没有选择。
speaks-now = 在这里对你说话的是 **{ $name }**（{ $origin }）。
whom-you = 对你
whom-channel = 在这个频道
whom-parent = 在 { $channel }
whom-server = 在这个服务器
origin-chosen = { $whom }选定的
origin-default = 没人选过，由默认角色答话
list-adopted = **住在这里的**
list-available = **可以住进来的**（`/persona adopt`）
show-greeting = 打招呼会说
show-card = 角色卡
show-about = 版本 { $version } · 作者 { $creator } · { $greetings } 段问候 · { $lore } 条设定
greeted = **{ $name }** 打过招呼了。回一句，就聊起来了。
greet-not-here = 我不是这里的成员，**{ $name }** 来不了。请管理员把我加进来，或者私信我。

mode-mention = 叫我我才答（{ $origin }）：提及、回复、喊名字，或者在我已经说话的子区里。
mode-active = 只要不是明显对别人说的，我都会答（{ $origin }）。`/chat mode mention` 让我安静些。
mode-off = 我不说话（{ $origin }）。`/chat mode mention` 叫我回来。
mode-nowhere = 还没设置过，一开始就是这样

budget-title = **回复的花费**
scope-instance = 整个机器人
scope-server = 这个服务器
scope-channel = 本频道
scope-member = 你在这个服务器
scope-user = 你的私信
period-day = 每天
period-month = 每月
budget-window = { $scope }，{ $period }：{ $amounts } · <t:{ $reset }:R>重新开始
budget-of = 已用 { $spent }，上限 { $limit }
budget-unlimited = 已用 { $spent }，没有上限
budget-pending = （另有 { $pending } 留给正在写的回复）
budget-frozen = ⚠ 已暂停：有一次回复的花费超过了预留。管理员用 `/budget set` 重新打开。
budget-no-replies = 还没有回复花过钱。
budget-replies = **最近的回复**
budget-reply = <t:{ $at }:t> **{ $persona }**：{ $tokens }，{ $price }（{ $model }）
cost-reported = { $input } + { $output } 词元
cost-held = { $tokens } 词元（全部预留；模型没有说用了多少）
cost-free = 免费
tokens = { $count } 词元
budget-set = 这个服务器现在{ $period }可以花 { $limit }。`/budget show` 看还剩多少。
budget-set-none = 这个服务器{ $period }不再有自己的上限。机器人自己的上限仍然有效。
budget-opened = 回复重新打开了。
budget-not-a-number = “{ $typed }”不是金额。美元写 1.50 这样的数，词元写 200000 这样的数，或者写 `none`。
zone-set = 它的一天从 { $zone } 的零点开始。
zone-unknown = 我不认识时区“{ $typed }”。请写成 Asia/Shanghai 这样；输入时会有列表。

memory-title = **{ $name } 记得你在这里说过的话**（共 { $total } 条，第 { $page }/{ $pages } 页）
memory-hint = `/memory forget` 可以让它忘掉。在 Discord 上修改或删除消息，记忆也会跟着改。
memory-empty = { $name } 不记得你在这里说过什么。
forget-mine-sure = { $name } 会忘掉你在这里说过的一切，连同它的回答。无法恢复。确定吗？
forget-channel-sure = { $name } 会忘掉这个频道里所有人说过的一切。无法恢复。确定吗？
forget-yes = 忘掉
forget-no = 留着
forget-kept = 什么都没有忘掉。
forgotten = 忘掉了 { $count } 条。它们已经离开我的记忆；Discord 上的消息还在。
forget-not-yours = 这需要“管理频道”权限。什么都没有忘掉。

facts-title = **{ $name } 在这里知道你什么**（共 { $total } 条，第 { $page }/{ $pages } 页）
facts-hint = `/memory correct` 改正一条，`/memory pin` 让它一直记在心上，`/memory forget` 忘掉一条。在 Discord 上删除原消息，它也会消失。
facts-none-yet = { $name } 在这里还不知道你什么。它会在你说过一些话之后慢慢了解。`/memory show` 也能列出你说过的话。
facts-not-allowed = { $name } 没有记下关于你的事，因为你还没有允许。`/memory consent facts:True` 可以允许；用 `/memory show kind:我说过的话` 看你说过的话。
fact-superseded = （已不是这样）
fact-unknown = 我在这里不知道你的这件事。请从输入时出现的列表里选；`/memory show` 列出全部。
fact-too-long = 请用一句话说，最多 { $most } 个字符。
fact-corrected = 记下了：“{ $new }”代替了“{ $old }”。`/memory show` 里两条都在。
fact-pinned = 📌 从现在起一直记在心上：“{ $fact }”。用 `/memory pin` 并选 pinned: False 可以取消。
fact-unpinned = 不再钉住：“{ $fact }”。它还记得；`/memory forget` 可以忘掉。
fact-dropped = 忘掉了：“{ $fact }”。你再说起时它可能再次记下；由 `/memory consent` 决定要不要记。
consent-all = 角色可以记下关于你的事，包括敏感的。`/memory show` 列出它们；`/memory consent facts:False` 全部忘掉。
consent-facts = 角色可以记下关于你的事，但不记健康、钱财、性、宗教和政治。`/memory show` 列出它们；`/memory consent facts:False` 全部忘掉。
consent-none = 从现在起不再记下关于你的事。忘掉了 { $count } 条。`/memory consent facts:True` 可以再次允许。
memory-paused = 从现在起你在这个频道说的话和回答都不保存。提及角色或喊它的名字：它会回答，然后忘掉。用 `/memory pause` 并选 paused: False 可以恢复。
memory-goes-on = 你在这个频道说的话又会保存了。`/memory show` 列出它们。
search-title = **你对 { $name } 说过的相关的话**
search-nothing = { $name } 找不到你在这里说过的相关的话。换个说法试试；`/memory show` 列出全部。
keep-for-ever = 这个服务器的消息会一直逐字保存，直到有人让它忘掉。用 `/memory keep` 写天数可以改。
keep-days = 这个服务器的消息逐字保存 { $days } 天，之后一小时内删除。从中了解到的事会保留，直到被忘掉。用 `/memory keep` 可以改。
privacy-export = 这里是关于你保存的一切，包括所有服务器和私信。`/privacy forget-me` 可以全部忘掉。
forget-me-sure = 关于你保存的一切都会被忘掉，包括所有服务器和私信：你说过的话、回答、知道的事、你的选择。你的回复花了多少仍以你的编号留在账上。无法恢复。确定吗？
forgotten-me = 关于你保存的一切都没有了（{ $count } 条消息）。Discord 上的消息还在。你再写来，就是新的记忆。

help = **聊天。** 提及我、回复角色、喊名字（“{ $name }，……”），或者私信我。在我说话的子区里直接说就行。
    {"**"}谁说话。** `/persona list`、`/persona switch`（对你、这个频道、这个服务器）、`/persona greet`。
    {"**"}什么时候说。** `/chat mode`：叫了才答、有话就答、不说话。
    {"**"}记得什么。** `/memory show`、`/memory consent`、`/memory forget`；`/privacy` 管全部。每个频道各有记忆，互不相通。
    {"**"}花多少。** `/budget show`；管理员用 `/budget set`。
    {"**"}我是什么。** `/about`。
about = **{ $name } 是 AI 伙伴**，由语言模型扮演。它可能出错，也不是真人。
    模型：{ $model }，在 { $endpoint }。你的消息和这个频道的记忆会发到那里，用来回答。
    管理者：{ $operator }。说过的话按频道存在这个机器人自己的数据库里；`/memory` 和 `/privacy` 由你使用。
    Familiar { $version }，自由软件（MIT 或 Apache-2.0）。
about-operator-unnamed = 没有留名（配置里的 instance.operator）

# 命令与选项的说明（在命令列表里显示）
command-persona-adopt = 让一位角色住进来，大家都能和它聊
command-persona-adopt--persona = 谁住进来
command-persona-switch = 选谁来说话：对你、在这个频道，或在整个服务器
command-persona-switch--persona = 从现在起谁说话；inherit 撤回选择
command-persona-switch--scope = 对谁（不写就是对你）
command-persona-list = 看谁住在这里、谁在对你说话、谁可以住进来
command-persona-show = 看看一位角色：是谁、怎么打招呼、从哪里来
command-persona-show--persona = 看谁（不写就是正在说话的）
command-persona-greet = 让一位角色用卡上的话打个招呼
command-persona-greet--persona = 谁来打招呼（不写就是正在说话的）
command-persona-greet--which = 第几段问候，从 1 数起
command-chat-mode = 设置角色什么时候答话：叫了才答、有话就答、不说话
command-chat-mode--mode = mention 叫了才答 · active 有话就答 · off 不说话 · inherit 跟随服务器
command-chat-mode--reach = 在哪里（不写就是这个频道）
command-budget-show = 看还剩多少、什么时候重新开始、最近的回复花了多少
command-budget-set = 设置这个服务器的回复可以花多少
command-budget-set--amount = 1.50 或 200000 这样的数；none 表示自己不设上限
command-budget-set--unit = 美元或词元（不写就是美元）
command-budget-set--period = 每天或每月（不写就是每天）
command-budget-set--time-zone = 服务器的时区，例如 Asia/Shanghai
command-memory-show = 看一位角色在这里知道和记得你什么
command-memory-show--kind = 看什么（不写就是它知道你什么，如果有的话）
command-memory-forget--fact = 它知道你的一件事
command-memory-search = 找你在这里说过的话
command-memory-search--text = 找什么
command-memory-search--persona = 谁的记忆（不写就是正在说话的）
command-memory-correct = 改正角色知道你的一件事
command-memory-correct--fact = 哪件事不对
command-memory-correct--text = 应该是怎样，用一句话
command-memory-pin = 让角色一直记着你的一件事
command-memory-pin--fact = 记着什么
command-memory-pin--pinned = False 取消
command-memory-consent = 决定可不可以记下关于你的事；没有你的同意就不记
command-memory-consent--facts = 角色可不可以记下关于你的事
command-memory-consent--sensitive = 包括健康、钱财、性、宗教和政治（不写就是不可以）
command-memory-pause = 不再保存你在这里说的话，或者恢复
command-memory-pause--paused = False 恢复保存
command-memory-keep = 设置这个服务器逐字保存消息多少天
command-memory-keep--days = 天数；0 是一直保存；不写就恢复管理者的默认值
command-privacy-export = 拿到一个文件，里面是关于你保存的一切
command-privacy-forget-me = 忘掉关于你保存的一切，包括所有服务器和私信
command-memory-show--persona = 谁的记忆（不写就是正在说话的）
command-memory-forget = 让一位角色忘掉你在这里说过的话，或整个频道
command-memory-forget--what = 忘掉什么（不写就是你说过的话）
command-memory-forget--persona = 谁的记忆（不写就是正在说话的）
command-help = 怎么和角色聊天，你能决定什么
command-about = 这是什么：AI、哪个模型、谁管理、话会去哪里
