"""Spellings of one letter or character that mean the same: with or without accents, traditional or simplified Chinese.

Servers, terminals and people drop accents (`boite aux lettres`), and a text in traditional characters says the same as one
in simplified ones. Each character stands for one, so places in a text stay what they are.
"""

from __future__ import annotations

_ACCENTS = {
    "a": "àáâãäåāăąạảấầẩẫậắằẳẵặ",
    "c": "çćĉċč",
    "d": "ďđ",
    "e": "èéêëēĕėęěẹẻẽếềểễệ",
    "g": "ĝğġģ",
    "i": "ìíîïĩīĭįıỉị",
    "k": "ķ",
    "l": "ĺļľł",
    "n": "ñńņň",
    "o": "òóôõöøōŏőơọỏốồổỗộớờởỡợ",
    "r": "ŕŗř",
    "s": "śŝşšș",
    "t": "ţťț",
    "u": "ùúûüũūŭůűųưụủứừửữự",
    "y": "ýÿỳỵỷỹ",
    "z": "źżž",
    "е": "ё",
}
# Traditional characters of the vocabulary of mail, each before the simplified one; 帐 and 账 are both written for an account.
_CHINESE = (
    "郵邮號号帳账賬账帐账戶户滿满過过無无發发達达數数傳传輸输連连線线網网絡络認认證证誤误錯错碼码憑凭據据權权轉转遞递"
    "繼继續续鎖锁凍冻結结關关閉闭啟启該该對对當当時时間间試试請请稱称統统繫系處处運运務务絕绝廣广標标題题內内違违規规"
    "則则檢检測测驗验單单頻频複复從从來来後后現现錄录註注冊册檔档夾夹機机構构應应際际國国隱隐術术長长東东車车門门問问"
    "開开說说話话語语讀读寫写變变資资訊讯簽签簡简給给級级終终經经組组維维編编緩缓縮缩總总織织響响頭头頁页項项順顺須须"
    "領领額额顯显類类願愿風风館馆駁驳驅驱軟软載载輕轻較较農农進进遠远適适還还邊边釋释釘钉針针銷销鏈链鍵键鏡镜隊队陽阳"
    "階阶隨随雙双雜杂離离難难電电靜静稅税積积穩稳競竞筆笔節节範范築筑係系個个們们備备債债價价億亿優优償偿兒儿兩两幾几"
    "凱凯劃划創创動动勢势區区協协參参員员圍围圖图團团報报場场塊块壞坏執执塵尘壓压聲声學学實实審审寬宽專专將将導导層层"
    "屬属岡冈幣币幹干庫库廠厂廢废張张強强彈弹徑径復复憶忆態态懷怀戰战擇择擊击擋挡損损換换擴扩攔拦敗败敵敌斷断書书會会"
    "條条極极樣样樞枢櫃柜歡欢歸归殘残毀毁氣气決决沒没沖冲況况減减湯汤準准溫温滅灭滯滞漲涨潔洁為为爲为爾尔狀状獨独獲获"
    "環环產产畫画異异療疗監监盤盘眾众確确禮礼禦御種种竊窃糾纠紀纪約约紅红納纳純纯紙纸細细紹绍綁绑緊紧聯联職职聽听脈脉"
    "腦脑臺台與与興兴舊旧萬万葉叶著着蓋盖藝艺蘭兰虛虚衛卫裝装裡里補补觀观覽览觸触計计訂订記记許许設设訪访評评詞词詢询"
    "詳详誠诚課课調调談谈論论諸诸識识譯译議议護护譽誉負负財财責责貨货販贩貫贯費费貼贴貿贸賀贺賓宾賣卖質质購购賴赖贊赞"
    "贈赠贏赢趕赶趙赵跡迹踐践躍跃軍军轟轰辦办辭辞遲迟遷迁選选遺遗"
)
# Words of Taiwan and Hong Kong before those of the mainland, of the same length; `憑證` is a certificate, `凭证` credentials.
WORDS = (
    ("伺服器", "服务器"),
    ("連線", "连接"),
    ("網路", "网络"),
    ("憑證", "证书"),
    ("逾時", "超时"),
    ("傳送", "发送"),
    ("寄送", "发送"),
    ("寄件", "发件"),
    ("寄信", "发信"),
    ("件者", "件人"),
    ("轉寄", "转发"),
    ("登入", "登录"),
    ("訊息", "消息"),
    ("設定", "设置"),
    ("埠號", "端口"),
    ("電郵", "邮件"),
)
LETTERS: dict[int, int | str] = {
    **{
        ord(form): letter
        for letter, forms in _ACCENTS.items()
        for small in forms
        for form in (small, small.upper())
        if not form.isascii()
    },
    **{ord(old): new for old, new in zip(_CHINESE[::2], _CHINESE[1::2], strict=True)},
}
