"""What Japanese refusals are made of; simplified characters are the normal form of both."""

from __future__ import annotations

from kb.match.own_words.rule import Rules, loose, near, rule
from kb.match.own_words.rule import normalized as _n

_REFUSED = _n(
    "拒否|拒絶|ブロック|受け取りません|受け取れません|受信できません|受信しません|受け付けません|受け付けていません|受け付けておりません|禁止|許可されて(?:いません|おりません)|遮断|お断り|ブラックリスト|制限"
)
_PERSON = _n("ユーザー|ユーザ|宛先|受信者|メールアドレス|アドレス|アカウント|メールボックス|宛名")

RULES = Rules(
    rule("data-virus-found", _n("ウイルス|ウィルス|マルウェア")),
    rule("connect-rdns-missing", near(_n("逆引き|ptr"), _n("ない|なし|ありません|できません|失敗|設定|必要|不"))),
    rule("data-spf-failed", near("spf", _n("失敗|不|拒否|ません|違反"))),
    rule("data-dkim-failed", near("dkim", _n("失敗|不|拒否|ません|違反|無効"))),
    rule("data-dmarc-failed", near("dmarc", _n("失敗|不|拒否|ません|違反|ポリシー"))),
    rule(
        "mail-starttls-required",
        near(_n("暗号化|starttls|tls"), _n("必要|必須|のみ|してください")),
        unless=_n("証明書|バージョン"),
    ),
    rule("ehlo-helo-invalid", near("helo|ehlo", _n("不正|無効|拒否|偽"))),
    rule(
        "rcpt-mailbox-full",
        near(_n("メールボックス|容量|受信箱|ボックス|保存領域"), _n("いっぱい|一杯|満杯|超え|超過|不足|オーバー|上限")),
        unless=_n("サイズ|送信"),
    ),
    loose(
        "data-attachment-type-blocked",
        near(_n("添付|実行ファイル|圧縮ファイル"), f"{_REFUSED}|{_n('できません')}"),
        unless=_n("大き|サイズ"),
    ),
    rule(
        "mail-message-too-big",
        near(_n("メール|メッセージ|添付|サイズ"), _n("大きすぎ|大きい|サイズ超過|サイズ制限|上限を超え")),
    ),
    rule("rcpt-greylisted", _n("グレーリスト|グレイリスト"), near(_n("初めて|初回"), _n("再送|再度|しばらく|後ほど"))),
    rule(
        "mail-rate-limited",
        _n("速すぎ|早すぎ|頻繁|頻度"),
        near(_n("送信|接続|メール|通数"), _n("多すぎ|上限|制限|超過|超え")),
        unless=_n("サイズ|宛先が多すぎ|容量"),
    ),
    rule("connect-geo-blocked", near(_n("海外|国外|お住まいの国|貴国|外国|国から|地域"), _REFUSED)),
    rule("connect-dynamic-ip-refused", near(_n("動的|ダイヤルアップ|家庭用"), f"{_REFUSED}|{_n('経由|使って')}")),
    loose("rcpt-person-left", _n("退職|退社|異動しました|在籍しておりません|在籍していません")),
    loose("rcpt-list-members-only", near(_n("会員|メンバー|購読者|登録者"), _n("のみ|限|だけ|以外"))),
    loose(
        "rcpt-internal-senders-only",
        near(_n("社内|内部|社外|外部|組織内"), f"{_n('のみ|限|だけ')}|{_REFUSED}"),
        unless=_n("内部エラー|内部サーバ"),
    ),
    loose("rcpt-sender-blocked-by-recipient", near(_n("受信者|受取人|宛先の方|本人"), _n("ブロック|拒否"))),
    loose("mail-sender-domain-blocked", near(_n("ドメイン"), _REFUSED), unless=_n("存在|解決|宛先")),
    rule(
        "connect-ip-refused-locally",
        near(_n("ip|サーバー|サーバ|ホスト|ネットワーク|接続元"), f"{_REFUSED}|{_n('スパム|迷惑メール')}"),
        _n("解除を依頼|解除申請|ブロック解除"),
        unless=_n("サイズ|容量"),
    ),
    rule("data-spam-content", _n("迷惑メール|スパム|広告メール|宣伝|フィッシング|勧誘")),
    loose(
        "data-filter-rule-matched",
        near(_n("フィルタ|フィルター|ルール|本文|件名|内容|単語|リンク"), f"{_REFUSED}|{_n('該当|含まれ')}"),
    ),
    loose("mail-sender-rejected", near(_n("送信者|差出人|送信元"), _REFUSED), unless=_n("存在")),
    loose(
        "rcpt-relay-needs-login",
        near(_n("認証|ログイン"), _n("必要|必須|してください|先に")),
        unless=_n("失敗|dkim|spf|dmarc"),
    ),
    rule("rcpt-relay-denied", near(_n("中継|リレー"), f"{_REFUSED}|{_n('できません')}")),
    loose(
        "rcpt-mailbox-disabled",
        near(_PERSON, _n("停止|無効になって|凍結|閉鎖|使われて(?:いません|おりません)|廃止|解約|利用されて")),
    ),
    loose(
        "rcpt-user-unknown",
        near(_PERSON, _n("存在しません|存在しない|見つかりません|不明|ありません|無効")),
        _n("という者はおりません|該当者"),
        unless=_n("送信者|送信元|差出人|ドメイン"),
    ),
    loose(
        "connect-host-not-found",
        near(_n("ドメイン"), _n("存在しません|見つかりません|解決できません")),
        unless=_n("送信者|送信元|差出人"),
    ),
    rule("data-mail-loop", _n("ループ")),
    loose("connect-server-busy", near(_n("メンテナンス|混雑|過負荷|混み合"), _n("中|後|しばらく"))),
    loose("data-policy-rejected", near(_n("ポリシー|規則"), _REFUSED)),
    loose(
        "rcpt-mail-unwanted",
        near(_n("メール|送信"), _n("受け取りません|受け取りたくありません|お断り|不要|おやめください|送らないで")),
    ),
)
