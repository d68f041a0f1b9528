"""By which words people look for the common emoji, besides Unicode's English names."""

from __future__ import annotations

_TABLE = """
😀 happy grin lachen fröhlich 笑 开心 高兴
😃 happy smile lachen froh 笑 开心
😄 smile happy lächeln lachen 微笑 开心
😁 grin grinsen 嘻嘻 露齿笑
😆 lol laugh lachen 大笑
😅 sweat phew puh schwitzen 汗 尴尬
🤣 rofl lol lachen 笑哭 捧腹
😂 joy lol tears freudentränen lachen 笑哭
🙂 smile :) lächeln 微笑
🙃 upside ironie verkehrt 倒脸
😉 wink ;) zwinkern 眨眼
😊 smile blush lächeln freude 微笑 害羞
😇 angel innocent engel unschuld 天使
🥰 love verliebt 爱 喜欢
😍 love verliebt 爱 喜欢 花痴
🤩 wow star begeistert 崇拜
😘 kiss kuss 亲 吻
😋 yum lecker 好吃
😛 :p tongue zunge 吐舌
😜 ;p zunge frech 调皮
🤪 crazy verrückt 疯狂
🤔 think hmm denken nachdenken 思考 想
🤗 hug umarmung 拥抱
🤫 quiet psst leise 安静 嘘
😐 neutral 面无表情
😏 smirk grinsen 得意
🙄 eyeroll augenrollen 白眼
😬 grimace oje 尴尬
😌 relieved erleichtert 放心
😔 sad traurig 难过
😴 sleep tired schlafen müde 睡 困
🤒 sick ill krank fieber 病 发烧
🤕 hurt verletzt 受伤
🤢 sick übel 恶心
🤧 sneeze erkältung 打喷嚏 感冒
🥵 hot heiß 热
🥶 cold kalt 冷
😎 cool sunglasses sonnenbrille 酷
🤓 nerd streber 书呆子
🧐 monocle prüfend 观察
😕 confused verwirrt 困惑
🙁 sad :( traurig 难过
😮 wow oh staunen 惊讶
😲 wow erstaunt 惊讶
🥺 please bitte flehen 求 可怜
😢 cry sad weinen traurig 哭 伤心
😭 cry sob weinen heulen 大哭
😱 scream shock schrei angst 害怕 尖叫
😓 sweat schweiß 汗
😩 tired weary müde 累
😤 huff schnauben 生气
😡 angry mad wütend böse 生气 愤怒
😠 angry wütend 生气
🤬 swear fluchen 骂
💀 skull dead totenkopf 骷髅
👻 ghost gespenst 鬼
🤖 robot roboter 机器人
👋 wave hello hi bye hallo winken tschüss 你好 再见 挥手
👌 ok okay gut 好
✌ victory peace sieg frieden 胜利 耶
🤞 luck fingers daumen drücken 祝好运
🤙 call anrufen 打电话
👈 left links 左
👉 right rechts 右
👆 up oben 上
👇 down unten 下
☝ up one oben eins 一
👍 yes ok like thumbsup +1 daumen hoch ja gut 赞 好 同意
👎 no dislike thumbsdown -1 daumen runter nein 踩 不好
✊ fist faust 拳头
👊 fist punch faust 拳
👏 clap bravo applaus klatschen 鼓掌
🙌 hooray hurra 万岁
🤝 deal handshake handschlag einig 握手 合作
🙏 please thanks pray bitte danke beten 谢谢 拜托 祈祷
✍ write schreiben 写
💪 strong muscle stark muskel 强 加油 肌肉
👀 eyes look augen schauen 看 眼睛
👁 eye auge 眼睛
🧠 brain gehirn 大脑
🤷 shrug dunno achselzucken keine ahnung 耸肩 不知道
🤦 facepalm 捂脸 无语
👤 person 人
👥 people group leute gruppe 人们 团队
👶 baby kind 宝宝 婴儿
💋 kiss kuss 吻
💔 heartbreak herzschmerz 心碎
💕 love hearts herzen liebe 爱心
💖 love heart herz 爱心
❤ love heart herz liebe 爱 红心 心
🧡 heart herz orange 橙心
💛 heart herz gelb 黄心
💚 heart herz grün 绿心
💙 heart herz blau 蓝心
💜 heart herz lila 紫心
🖤 heart herz schwarz 黑心
💯 hundred perfect hundert prozent 满分
💥 boom bang knall 爆炸
💬 speech chat sprechblase 聊天 对话
💭 thought gedanke 想法
💤 sleep schlaf 睡觉
🐶 dog hund 狗
🐱 cat katze 猫
🐭 mouse maus 老鼠
🐰 rabbit bunny hase 兔
🦊 fox fuchs 狐狸
🐻 bear bär 熊
🐼 panda 熊猫
🐷 pig schwein 猪
🐸 frog frosch 青蛙
🐵 monkey affe 猴
🙈 monkey see affe 不看 猴
🐔 chicken huhn 鸡
🐧 penguin pinguin 企鹅
🐦 bird vogel martlet 鸟
🦉 owl eule 猫头鹰
🐝 bee biene 蜜蜂
🐛 bug käfer fehler raupe 虫
🦋 butterfly schmetterling 蝴蝶
🐌 snail langsam schnecke 蜗牛
🐢 turtle schildkröte 乌龟
🐟 fish fisch 鱼
🐎 horse pferd 马
🌲 tree baum tanne 树
🌳 tree baum 树
🌱 plant pflanze 芽 植物
🌹 rose flower blume 玫瑰 花
🌷 tulip flower tulpe blume 郁金香 花
🌸 flower blume kirschblüte 樱花 花
🌻 sunflower sonnenblume 向日葵
💐 bouquet flowers blumenstrauß blumen 花束 花
🍀 luck clover glück kleeblatt 幸运 四叶草
🌍 earth world erde welt 地球 世界
🌙 moon mond 月亮
⭐ star stern 星
🌟 star stern 星
✨ sparkle glitzer funkeln 闪亮
⚡ lightning fast blitz strom 闪电
🔥 fire hot feuer 火
🌈 rainbow regenbogen 彩虹
☀ sun sonne 太阳 晴
☁ cloud wolke 云
🌧 rain regen 雨
☔ rain umbrella regen schirm 雨 伞
❄ snow schnee 雪
⛄ snowman schneemann 雪人
🌊 wave sea welle meer 海浪
💧 water drop wasser tropfen 水
🍎 apple apfel 苹果
🍊 orange orangen 橙子
🍌 banana banane 香蕉
🍓 strawberry erdbeere 草莓
🍇 grapes trauben 葡萄
🍞 bread brot 面包
🥐 croissant 牛角包
🧀 cheese käse 奶酪
🍕 pizza 披萨
🍔 burger 汉堡
🍟 fries pommes 薯条
🥗 salad salat 沙拉
🍜 noodles nudeln 面条
🍚 rice reis 米饭
🥟 dumpling teigtasche 饺子
🍣 sushi 寿司
🍰 cake kuchen 蛋糕
🎂 birthday cake geburtstag torte 生日 蛋糕
🍪 cookie keks 饼干
🍫 chocolate schokolade 巧克力
🍦 ice eis 冰淇淋
☕ coffee tea kaffee tee 咖啡
🍵 tea tee 茶
🍺 beer bier 啤酒
🍻 beer cheers bier prost 干杯 啤酒
🍷 wine wein 红酒
🥂 cheers champagne sekt prost anstoßen 干杯 香槟
🍾 champagne sekt 香槟
🎉 party tada congratulations feier glückwunsch 庆祝 恭喜
🎊 party konfetti feier 庆祝
🎈 balloon luftballon 气球
🎁 gift present geschenk 礼物
🎄 christmas weihnachten tannenbaum 圣诞
🎅 santa weihnachtsmann 圣诞老人
🎃 halloween kürbis 南瓜
🎓 graduation abschluss studium 毕业
🏆 trophy win pokal sieg 奖杯 冠军
🥇 gold first erster 金牌 第一
⚽ football soccer fußball 足球
🏀 basketball 篮球
🎾 tennis 网球
🎮 game spiel 游戏
🎲 dice würfel 骰子
🎯 target dart ziel treffer 目标
🎵 music note musik 音乐
🎸 guitar gitarre 吉他
🎬 film movie kino 电影
🎨 art paint kunst malen 艺术 画
🏠 house home haus zuhause 家 房子
🏢 office büro 办公室
🏥 hospital krankenhaus 医院
🏫 school schule 学校
🏖 beach urlaub strand 海滩
🚗 car auto 汽车
🚕 taxi 出租车
🚌 bus 公交
🚲 bicycle bike fahrrad rad 自行车
🚆 train zug bahn 火车
🚄 train zug 高铁
✈ plane flight flugzeug flug 飞机
🚀 rocket launch rakete start 火箭
🚢 ship schiff 船
🚧 construction baustelle 施工
⌚ watch uhr 手表
⏰ alarm clock wecker uhr 闹钟
⏳ wait time warten sanduhr 等待 沙漏
📱 phone mobile handy telefon 手机
☎ phone telefon 电话
📞 phone call telefon anruf 电话
💻 laptop computer rechner 电脑
🖥 computer monitor bildschirm 电脑
🖨 printer drucker 打印机
📷 camera foto kamera 相机 照片
📧 email mail e-post 邮件
✉ letter mail brief post 信 邮件
📨 mail eingang post 收信
📬 mailbox briefkasten 邮箱
📦 package parcel paket 包裹
📎 attachment paperclip anhang büroklammer 附件 回形针
📌 pin nadel 图钉
📍 place pin ort 位置
📅 calendar date kalender termin datum 日历
📆 calendar kalender 日历
📊 chart statistics diagramm statistik 图表
📈 up growth wachstum steigt 上涨 增长
📉 down fällt 下跌
📝 note memo notiz 笔记 记录
📄 page document seite dokument 文件
📁 folder ordner 文件夹
📚 books bücher 书
📖 book buch 书
📰 news zeitung 报纸 新闻
🔍 search lupe suche 搜索
🔑 key schlüssel 钥匙
🔒 lock schloss sicher 锁
🔓 unlock offen 解锁
🔗 link verknüpfung 链接
🔧 tool wrench werkzeug 工具
🔨 hammer 锤子
⚙ settings gear einstellungen zahnrad 设置
💡 idea light idee licht 想法 灯泡
🔋 battery akku 电池
💰 money geld 钱
💶 euro geld 欧元
💳 card karte 信用卡
🛒 cart einkauf 购物车
🗑 trash müll 垃圾
✏ pencil stift bleistift 铅笔
✂ cut scissors schere 剪刀
🔔 bell glocke erinnerung 铃 提醒
📣 announce megaphone ansage 通知
👑 crown krone 皇冠
💎 diamond diamant 钻石
👓 glasses brille 眼镜
💊 pill medicine tablette medizin 药
🎧 headphones kopfhörer 耳机
✅ done yes check ok erledigt haken ja 完成 对 勾
✔ done check erledigt haken 对 勾
❌ no wrong cross nein falsch kreuz 错 不
❓ question frage 问题 问号
❗ important exclamation wichtig ausrufezeichen 重要 感叹号
⚠ warning warnung achtung 警告 注意
⛔ stop forbidden verboten 禁止
🚫 no forbidden verboten 禁止
♻ recycle 回收
ℹ info information 信息
➕ plus add 加
➖ minus 减
➡ right arrow pfeil rechts 右 箭头
⬅ left arrow pfeil links 左 箭头
⬆ up arrow pfeil oben 上 箭头
⬇ down arrow pfeil unten 下 箭头
🔴 red rot 红
🟢 green grün 绿
🟡 yellow gelb 黄
🔵 blue blau 蓝
🆗 ok gut 好
🆕 new neu 新
🆘 help sos hilfe 救命
© copyright urheberrecht 版权
™ trademark marke 商标
"""

WORDS: dict[str, str] = {
    line.split(" ", 1)[0]: line.split(" ", 1)[1] for line in _TABLE.strip().splitlines()
}
"""The character alone -> words with a space between, in small letters."""
