// The printed pages of a rehearsal: script, form, dice table, sealed numbers and slips, Chinese first.
#include "server/cli/draw/draw.hpp"

namespace catchment::cli {
namespace {

constexpr const char* kKitHead = R"kit(<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>摇号演练 · Draw rehearsal</title><style>
body{font:16px/1.6 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;max-width:52rem;margin:0 auto;padding:1rem;color:#111;background:#fff;overflow-wrap:anywhere}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.2rem;border-bottom:2px solid #111;margin:1.6rem 0 .6rem}
.en{color:#444;font-size:.86em}li{margin:.5rem 0}.made{border:3px solid #111;padding:.4rem .8rem;font-weight:700}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #444;padding:.5rem;text-align:left;vertical-align:top}
.box td{height:2.6rem}.min{font-weight:700;white-space:nowrap}code,pre{font:0.9em/1.5 ui-monospace,Menlo,Consolas,monospace}
pre{white-space:pre-wrap;border:1px solid #444;padding:.5rem}.slips{display:grid;grid-template-columns:repeat(auto-fill,minmax(9rem,1fr))}
.slips div{border:1px dashed #444;padding:.5rem;text-align:center}.slips b{font:700 1.15rem ui-monospace,monospace}
@media print{h2.page{break-before:page}body{font-size:12pt;max-width:none}}
</style></head><body><main>
<h1>摇号演练材料</h1><p class="en" lang="en">Rehearsal of a verifiable draw</p>
<p class="made">演练专用：名单全部虚构，不产生任何学位。<br><span class="en" lang="en">For practice only: every child is made up and no seat is given.</span></p>
)kit";

constexpr const char* kKitScript = R"kit(
<h2>一、流程（约 20 分钟）<span class="en" lang="en"> Script, about 20 minutes</span></h2>
<p>需要：8 个人、十面骰子 4 枚（每人轮流也可）、6 个不透明杯子、1 台电脑。没有骰子，用第三页的扑克牌办法。<br>
<span class="en" lang="en">You need 8 people, four ten-sided dice (they can be passed round), 6 opaque cups, 1 computer. No dice: use cards, see page 3.</span></p>
<ol>
<li><span class="min">2 分</span> 主持人宣读：今天有几人报名、几个学位，名单昨天已经公布，名单和规则的指纹（哈希）印在第二页，从现在起一个字都不能改。
<br><span class="en" lang="en">The host reads: how many children, how many seats; roll and rules were published yesterday, their fingerprints are on page 2, and from now on not a letter may change.</span></li>
<li><span class="min">3 分</span> 发角色卡：人大代表、政协委员、纪检监察、媒体各一人；两位家长现场抽签产生；公证员和教育局各持一个密封数，互换保管。
<br><span class="en" lang="en">Hand out the roles: deputy, consultative member, discipline, media; two parents chosen by lot; notary and bureau each seal a number and keep the other's.</span></li>
<li><span class="min">3 分</span> 六人各在杯下掷四枚骰子，听口令同时揭开。谁也不能最后一个动手。
<br><span class="en" lang="en">Six people roll four dice each under a cup; on the word all cups lift together, so that nobody moves last.</span></li>
<li><span class="min">3 分</span> 依次大声读出四位数字，记入第二页的表；公证员、教育局拆封，把密封数抄入表内。拆不开或不肯拆的，写承诺值并记一笔。
<br><span class="en" lang="en">Read the four digits aloud, write them into the form; then open the sealed numbers. One that is not opened is replaced by its commitment, and that is noted.</span></li>
<li><span class="min">3 分</span> 两个人各自把表打进电脑：一份存为 <code>ceremony.txt</code>，一份存为 <code>ceremony-2.txt</code>。格式见第二页下方；密封数的两行可从 <code>sealed-notary.txt</code>、<code>sealed-bureau.txt</code> 复制，复制后与纸上核对。
<br><span class="en" lang="en">Two people type the form, one into ceremony.txt, one into ceremony-2.txt, in the form shown on page 2; the two sealed lines may be copied from sealed-notary.txt and sealed-bureau.txt and held against the paper.</span></li>
<li><span class="min">2 分</span> 运行 <code>catchment draw run 本文件夹</code>。两份录入不同，程序会拒绝。大声读出结果哈希的前八位，写入表内。
<br><span class="en" lang="en">Run `catchment draw run` on this folder; it refuses if the two typings differ. Read the first eight digits of the result's proofs::hash aloud and write them down.</span></li>
<li><span class="min">4 分</span> 三人在三台设备上各自核验：<code>catchment draw verify</code>、<code>verify.html</code>（手机也行）、<code>python3 verify.py</code>。三处都显示“一致”，且哈希相同，演练成功。每人再用自己的纸条查一个编号。
<br><span class="en" lang="en">Three people check on three machines: the tool, the page (a phone will do), the Python script. All must say SAME with the same hash. Everyone looks up the code on a slip.</span></li>
</ol>
<p><b>再试一次作弊：</b>把 <code>roll.tsv</code> 里任意一个字符改掉，再核验，看程序点名哪个文件；改回来。
<br><span class="en" lang="en">Then cheat: change one character of roll.tsv, verify, see which file is named, and put it back.</span></p>
)kit";

constexpr const char* kKitForm = R"kit(
<table class="box"><thead><tr><th scope="col">角色 Role</th><th scope="col">姓名 Name</th><th scope="col">四位数字 Digits</th><th scope="col">签名 Signature</th></tr></thead><tbody>
<tr><th scope="row">人大代表 congress</th><td></td><td></td><td></td></tr>
<tr><th scope="row">政协委员 cppcc</th><td></td><td></td><td></td></tr>
<tr><th scope="row">纪检监察 discipline</th><td></td><td></td><td></td></tr>
<tr><th scope="row">媒体 media</th><td></td><td></td><td></td></tr>
<tr><th scope="row">家长甲 parent-1</th><td></td><td></td><td></td></tr>
<tr><th scope="row">家长乙 parent-2</th><td></td><td></td><td></td></tr>
<tr><th scope="row">公证员 notary</th><td></td><td>密封数见第四页<br>sealed, page 4</td><td></td></tr>
<tr><th scope="row">教育局 bureau</th><td></td><td>密封数见第四页<br>sealed, page 4</td><td></td></tr>
<tr><th scope="row">结果哈希前八位<br>first 8 of the result</th><td colspan="3"></td></tr>
</tbody></table>
<p>打字样式（八行，冒号后一个空格，每行末尾回车，最后一行也要）：<br><span class="en" lang="en">To type: eight lines, a space after the colon, Enter after every line, the last one too.</span></p>
<pre>congress: 4071
cppcc: 9930
discipline: 1528
media: 6604
parent-1: 2795
parent-2: 8316
notary: （64 位 64 digits）
bureau: （64 位 64 digits）</pre>
<h2 class="page">三、骰子表<span class="en" lang="en"> Dice table</span></h2>
<table><thead><tr><th scope="col">情况 If</th><th scope="col">怎么记 Then</th></tr></thead><tbody>
<tr><td>十面骰子 0 到 9<br><span class="en" lang="en">a ten-sided die, 0 to 9</span></td><td>照读；印成 10 或 00 的读 0<br><span class="en" lang="en">as it reads; 10 or 00 is 0</span></td></tr>
<tr><td>先后顺序<br><span class="en" lang="en">order of the four</span></td><td>一枚骰子掷四次，按掷出的先后；四枚不同颜色，按红黄蓝白<br><span class="en" lang="en">one die thrown four times: as thrown; four colours: red, yellow, blue, white</span></td></tr>
<tr><td>骰子歪着、掉地、叠住<br><span class="en" lang="en">cocked, fallen, stacked</span></td><td>这一枚重掷，其余不动，当场说明<br><span class="en" lang="en">throw that one again, leave the rest, say so aloud</span></td></tr>
<tr><td>没有十面骰子<br><span class="en" lang="en">no such dice</span></td><td>扑克牌 A 到 10 洗匀，抽一张记数字，10 记 0，放回再洗，共四次<br><span class="en" lang="en">shuffle ace to ten, draw one, 10 is 0, put back, four times</span></td></tr>
<tr><td>普通六面骰子<br><span class="en" lang="en">six-sided dice</span></td><td>不能直接用：只出 1 到 6，不均匀<br><span class="en" lang="en">not by themselves: they give 1 to 6 only</span></td></tr>
<tr><td>有人迟迟不揭杯<br><span class="en" lang="en">a cup not lifted</span></td><td>本轮全部作废，重掷，记入公证书<br><span class="en" lang="en">all six throw again, and the deed says so</span></td></tr>
</tbody></table>
)kit";

}  // namespace

std::string rehearsal_page(const proofs::Manifest& manifest, const std::vector<proofs::RollLine>& roll,
                           const std::string& notary, const std::string& bureau) {
  const std::string manifest_hash = proofs::to_hex(proofs::hash(manifest.suite, print(manifest)));
  std::string page = kKitHead;
  page += kKitScript;
  page += "<h2 class=\"page\">二、现场记录表<span class=\"en\" lang=\"en\"> Form</span></h2>\n<p>报名 Children: " +
          std::to_string(roll.size()) + "　学位 Seats: " + std::to_string(manifest.seats) +
          "<br>名单指纹 roll.tsv: <code>" + proofs::to_hex(manifest.roll) + "</code><br>清单指纹 manifest.txt: <code>" +
          manifest_hash + "</code></p>\n";
  page += kKitForm;
  page +=
      "<h2 class=\"page\">四、密封数（剪开，装入两个信封）<span class=\"en\" lang=\"en\"> Sealed numbers: cut apart, "
      "one "
      "envelope each</span></h2>\n<p>公证员 notary</p><pre>" +
      notary + "</pre><p>教育局 bureau</p><pre>" + bureau + "</pre>\n";
  page +=
      "<h2 class=\"page\">五、家长纸条<span class=\"en\" lang=\"en\"> Slips, one a family</span></h2><div "
      "class=\"slips\">\n";
  for (const proofs::RollLine& line : roll) {
    page += "<div>演练 SYNTHETIC<br><b>" + std::string(proofs::view(line.code)) + "</b><br>" +
            (line.tier == 0 ? "第一批次 tier 0" : "第二批次 tier 1") +
            (line.unit != line.code ? "<br>双胞胎，随 with " + std::string(proofs::view(line.unit)) : std::string()) +
            "</div>\n";
  }
  return page + "</div></main></body></html>\n";
}

}  // namespace catchment::cli
