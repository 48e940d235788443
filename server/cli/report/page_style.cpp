#include "server/cli/report/page_style.hpp"

#include "server/cli/report/html.hpp"

namespace catchment::cli::report {

// Colours of text hold 4.5 : 1 against their ground; levels of warning differ in words as well as in colour.
std::string page_style() {
  return R"css(
:root{--ink:#1d2327;--soft:#55606a;--line:#d5dade;--paper:#fff;--blue:#1f5f99}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1rem;color:var(--ink);background:var(--paper);
font:16px/1.6 "Noto Sans CJK SC","Source Han Sans SC","PingFang SC","Microsoft YaHei","Hiragino Sans GB",sans-serif;
overflow-wrap:break-word}
h1{font-size:1.7rem;line-height:1.3;margin:.4rem 0 0}
h2{font-size:1.3rem;border-bottom:2px solid var(--blue);margin:2.4rem 0 .8rem;padding-bottom:.2rem}
h3{font-size:1.05rem;margin:1.2rem 0 .4rem}
p{margin:.4rem 0}
.en{color:var(--soft);font-size:.86em}
h1+.en{font-size:1rem}
nav a{display:inline-block;padding:.3rem .5rem .3rem 0;color:var(--blue)}
.made-up{border:2px solid #8a5a00;background:#fff6e0;padding:.5rem .8rem;border-radius:4px}
.key{font-size:1.08rem;border-left:4px solid var(--blue);padding:.1rem 0 .1rem .8rem;margin:.8rem 0}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.6rem;margin:1rem 0;padding:0;list-style:none}
.cards li{border:1px solid var(--line);border-left-width:8px;border-radius:4px;padding:.4rem .7rem}
.cards b{display:block;font-size:1.6rem;line-height:1.2}
.wide{overflow-x:auto;max-width:100%}
.wide:focus-visible{outline:3px solid var(--blue)}
table{border-collapse:collapse;width:100%;font-size:.92rem}
caption{text-align:left;color:var(--soft);padding:.2rem 0}
th,td{border-bottom:1px solid var(--line);padding:.35rem .5rem;text-align:left;vertical-align:top}
thead th{background:#eef2f5;vertical-align:bottom}
tbody th{font-weight:600;min-width:5.5em}
.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
td.n .en{white-space:normal}
.when{white-space:nowrap}
.remedy{min-width:16rem}.who{min-width:9em}
thead th{min-width:4.5em}thead .n{white-space:normal}
.tag{display:inline-block;padding:0 .45rem;border-radius:3px;white-space:nowrap;font-weight:600}
.tag.s0{background:#b3261e;color:#fff}.tag.s1{background:#f59331;color:#1d1206}.tag.s2{background:#ffe169;color:#2b2400}
.tag.s3{background:#e8e0c8;color:#2b2400}.tag.low{background:#cfe3f5;color:#0c3558}.tag.calm{background:#e3eee3;color:#17351b}
.cards .s0{border-left-color:#b3261e}.cards .s1{border-left-color:#f59331}.cards .s2{border-left-color:#e0b400}
.cards .s3{border-left-color:#b5a675}.cards .low{border-left-color:#5b98cc}
.yes{color:#17602a;font-weight:600}.no{color:#9a1c15;font-weight:600}
.maps{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:1.2rem}
figure{margin:0;break-inside:avoid}
figcaption{font-weight:600}
svg{display:block;max-width:100%}
.map{width:100%;min-width:26rem;height:auto;background:#f6f8f9;border:1px solid var(--line)}
.map path{stroke:#fff;stroke-width:2;stroke-linejoin:round}
.map .scale{fill:none;stroke:#1d2327;stroke-width:3}.map .north{fill:#1d2327;stroke:#fff;stroke-width:2}
.map .mark{font:bold 24px sans-serif;fill:#1d2327;stroke:#fff;stroke-width:5;paint-order:stroke}
.map .s0,.legend .s0{fill:#c8443b}.map .s1,.legend .s1{fill:#f59331}.map .s2,.legend .s2{fill:#ffe169}
.map .s3,.legend .s3{fill:#e8e0c8}.map .low,.legend .low{fill:#8fbce3}.map .calm,.legend .calm{fill:#cfdfcf}
.map .unknown,.legend .unknown{fill:#d9d9d9}
.dot{fill:#3c464d;stroke:#fff;stroke-width:1.5}
.pin circle{fill:#1d2327;stroke:#fff;stroke-width:2}
.pin text{fill:#fff;font:bold 22px sans-serif}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;list-style:none;padding:0;margin:.4rem 0;font-size:.9rem}
.legend li{display:flex;align-items:center;gap:.35rem}
.legend svg{width:30px;height:14px;flex:none}
.charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1rem 1.4rem}
.pairs{grid-template-columns:repeat(auto-fill,minmax(min(100%,26rem),1fr))}
.fan{width:100%;height:auto}
.grid{stroke:#dfe4e8;stroke-width:1}.now{stroke:#8b959d;stroke-width:1;stroke-dasharray:2 3}
.tick{font:12px sans-serif;fill:#46515a}
.b2{fill:#dbe8f4}.b1{fill:#b5d0ea}.b0{fill:#86b2dc}
.median{fill:none;stroke:#123f6b;stroke-width:2}
.past{fill:#1d2327}
.seats{fill:none;stroke:#b3261e;stroke-width:1.8;stroke-dasharray:6 3}
.spark{width:120px;height:26px}
.sp{fill:none;stroke:#1d2327;stroke-width:1.4}.sf{fill:none;stroke:#1f6fb8;stroke-width:1.6}
@media (max-width:40rem){.n{white-space:normal}.cards{grid-template-columns:1fr 1fr}}
@media (max-width:28rem){.maps figcaption::after{content:"（可左右滑动，scroll sideways）";font-weight:400}}
@media print{@page{size:A4;margin:14mm}body{font-size:10.5pt;max-width:none;padding:0}nav{display:none}
.wide{overflow:visible}table{font-size:8.5pt}thead{display:table-header-group}tr,figure{break-inside:avoid}
h2,h3{break-after:avoid}.maps{grid-template-columns:1fr 1fr}.map{min-width:0}.charts{grid-template-columns:1fr 1fr}
.when{white-space:normal}.maps figcaption::after{content:none}.remedy{min-width:9rem}.who{min-width:0}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";
}

std::string page_head(std::string_view chinese, std::string_view english, std::string_view style, bool synthetic,
                      std::string_view more) {
  std::string out =
      "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"zh-CN\">\n<head>\n<meta "
      "charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>" +
      escape(chinese) + "</title>\n<style>\n" + std::string(style) + "</style>\n</head>\n<body>\n<header>\n";
  out += "<h1>" + escape(chinese) + "</h1>\n<p class=\"en\" lang=\"en\">" + escape(english) + "</p>\n";
  if (synthetic) {
    out +=
        "<p class=\"made-up\"><strong>合成数据</strong>：本报告中的学校、人口与数字均为虚构，仅供演示。<span "
        "lang=\"en\">"
        "<strong>Synthetic</strong>: every school, child and figure here is made up.</span></p>\n";
  }
  return out + std::string(more) + "</header>\n<main>\n";
}

std::string page_end() { return "</main>\n</body>\n</html>"; }

}  // namespace catchment::cli::report
