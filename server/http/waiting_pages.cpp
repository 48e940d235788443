// What people read while they wait. No style, no script: the strictest page policy allows it, and it is one packet.
#include <array>
#include <string>
#include <string_view>

#include "server/http/waiting_room.hpp"

namespace catchment::http {
namespace {

// Both languages say the same; only the service's own facts, nothing of one city's rules.
constexpr std::string_view kNoAdvantageZh =
    "先到不占优势：开放期间提交的登记一律同等对待，录取与登记时间先后无关。您可以过几个小时再来。";
constexpr std::string_view kNoAdvantageEn =
    "Coming first gives no advantage: every registration handed in while registration is open is treated alike, and "
    "when "
    "it was handed in has no part in who is admitted. You may as well come back in a few hours.";

std::string waiting_document(std::string_view title, std::string_view zh, std::string_view en, int again_s) {
  std::string out = "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">";
  out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
  if (again_s > 0) out.append("<meta http-equiv=\"refresh\" content=\"").append(std::to_string(again_s)).append("\">");
  out.append("<title>").append(title).append("</title></head>\n<body>\n<main>\n<h1>").append(title).append("</h1>\n");
  out.append("<p>").append(zh).append("</p>\n<p>").append(kNoAdvantageZh).append("</p>\n");
  out.append("<div lang=\"en\">\n<p>").append(en).append("</p>\n<p>").append(kNoAdvantageEn).append("</p>\n</div>\n");
  return out.append("</main>\n</body></html>\n");
}

// Minutes, rounded up: seconds would promise what nobody can keep.
std::string minutes_of(std::uint64_t wait_s) { return std::to_string((wait_s + 59) / 60); }

}  // namespace

std::string waiting_page(std::uint64_t before_you, std::uint64_t wait_s, int again_s) {
  const std::string before = std::to_string(before_you), again = std::to_string(again_s);
  std::string zh = "您前面还有 " + before + " 人。";
  std::string en = before + " people are before you. ";
  if (wait_s > 0) {
    zh += "预计等待约 " + minutes_of(wait_s) + " 分钟。";
    en += "The wait is about " + minutes_of(wait_s) + " min. ";
  } else {
    zh += "入口暂停放行，稍后继续。";
    en += "The door is closed for a moment. ";
  }
  zh += "本页每 " + again + " 秒自动刷新，请不要关闭；刷新不会改变您的位置。";
  en += "This page loads itself again every " + again + " s; keep it open. Reloading does not change your place.";
  return waiting_document("请稍候 · Please wait", zh, en, again_s);
}

std::string early_page(int again_s) {
  return waiting_document(
      "尚未开放 · Not open yet", "登记尚未开放。开放时，此前到达的人按随机顺序进入；本页会自动刷新。",
      "Registration is not open yet. When it opens, those who came before are let in in random order. This page "
      "loads itself again.",
      again_s);
}

std::string fallback_page() {
  constexpr int kAgain = 60;
  return waiting_document(
      "服务暂时不可用 · Away for a moment", "服务暂时不可用。已经显示提交成功的登记都已保存，不会丢失；请稍后再来。",
      "The service is away for a moment. What it confirmed is stored and will not be lost; please come back "
      "later.",
      kAgain);
}

}  // namespace catchment::http
