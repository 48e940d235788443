#include <deque>
#include <string>

#include "geo/address/address_words.hpp"
#include "geo/address/word_table.hpp"

namespace catchment::geo {
namespace {

using enum AddressPart;

constexpr FixedWord kFixed[] = {
    {U"中国", country},
    {U"中华人民共和国", country},
    {U"地址", filler},
    {U"住址", filler},
    {U"家庭住址", filler},
    {U"家庭地址", filler},
    {U"家住", filler},
    {U"住在", filler},
    {U"位于", filler},
    {U"坐落于", filler},
    {U"坐落", filler},
    {U"邮编", filler},
    {U"邮政编码", filler},
    {U"户籍地址", filler},
    {U"现住址", filler},
    {U"附近", detail},
    {U"旁边", detail},
    {U"旁", detail},
    {U"对面", detail},
    {U"斜对面", detail},
    {U"隔壁", detail},
    {U"周边", detail},
    {U"周围", detail},
    {U"交叉口", detail},
    {U"交叉路口", detail},
    {U"交汇处", detail},
    {U"交界处", detail},
    {U"交口", detail},
    {U"路口", detail},
    {U"口", detail},
    {U"东侧", detail},
    {U"西侧", detail},
    {U"南侧", detail},
    {U"北侧", detail},
    {U"东边", detail},
    {U"西边", detail},
    {U"南边", detail},
    {U"北边", detail},
    {U"路东", detail},
    {U"路西", detail},
    {U"路南", detail},
    {U"路北", detail},
    {U"东门", detail},
    {U"西门", detail},
    {U"南门", detail},
    {U"北门", detail},
    {U"正门", detail},
    {U"大门", detail},
    {U"后门", detail},
    {U"门口", detail},
    {U"门面", detail},
    {U"门面房", detail},
    {U"楼下", detail},
    {U"楼上", detail},
    {U"底商", detail},
    {U"商铺", detail},
    {U"一带", detail},
    {U"以东", detail},
    {U"以西", detail},
    {U"以南", detail},
    {U"以北", detail},
    {U"向东", detail},
    {U"向西", detail},
    {U"向南", detail},
    {U"向北", detail},
    {U"往东", detail},
    {U"往西", detail},
    {U"往南", detail},
    {U"往北", detail},
    {U"东南角", detail},
    {U"东北角", detail},
    {U"西南角", detail},
    {U"西北角", detail},
    {U"院内", detail},
    {U"内", detail},
    {U"里面", detail},
    {U"东段", detail},
    {U"西段", detail},
    {U"南段", detail},
    {U"北段", detail},
    {U"中段", detail},
    {U"东头", detail},
    {U"西头", detail},
    {U"南头", detail},
    {U"北头", detail},
    {U"东户", detail},
    {U"西户", detail},
    {U"中户", detail},
    {U"南户", detail},
    {U"北户", detail},
    {U"与", detail},
    {U"和", detail},
    {U"及", detail},
    {U"的", detail},
    {U"在", detail},
    {U"至", detail},
    {U"到", detail},
    {U"前", detail},
    {U"后", detail},
    {U"左", detail},
    {U"右", detail},
    {U"地下室", detail},
    {U"地下", detail},
    {U"之间", detail},
    // Provinces without their suffix.
    {U"河北", province},
    {U"山西", province},
    {U"内蒙古", province},
    {U"辽宁", province},
    {U"吉林", province},
    {U"黑龙江", province},
    {U"江苏", province},
    {U"浙江", province},
    {U"安徽", province},
    {U"福建", province},
    {U"江西", province},
    {U"山东", province},
    {U"河南", province},
    {U"湖北", province},
    {U"湖南", province},
    {U"广东", province},
    {U"广西", province},
    {U"海南", province},
    {U"四川", province},
    {U"贵州", province},
    {U"云南", province},
    {U"西藏", province},
    {U"陕西", province},
    {U"甘肃", province},
    {U"青海", province},
    {U"宁夏", province},
    {U"新疆", province},
    {U"台湾", province},
    {U"香港", province},
    {U"澳门", province},
    {U"广西壮族自治区", province},
    {U"宁夏回族自治区", province},
    {U"新疆维吾尔自治区", province},
    {U"内蒙古自治区", province},
    {U"西藏自治区", province},
};

// Cities of prefecture rank and above (GB/T 2260) as they are written without 市.
constexpr std::u32string_view kCities =
    U"北京 上海 天津 重庆 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 "
    U"晋中 运城 忻州 临汾 "
    U"吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 "
    U"阜新 辽阳 盘锦 铁岭 "
    U"葫芦岛 长春 四平 辽源 通化 白山 松原 白城 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 "
    U"绥化 南京 无锡 徐州 "
    U"常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 合肥 "
    U"芜湖 蚌埠 淮南 "
    U"马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 南昌 "
    U"景德镇 萍乡 九江 "
    U"新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 "
    U"菏泽 郑州 开封 洛阳 "
    U"平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 "
    U"孝感 荆州 黄冈 咸宁 "
    U"随州 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 "
    U"茂名 肇庆 惠州 梅州 "
    U"汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 "
    U"崇左 海口 三亚 三沙 "
    U"儋州 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 贵阳 六盘水 "
    U"遵义 安顺 毕节 铜仁 昆明 "
    U"曲靖 玉溪 保山 昭通 丽江 普洱 临沧 拉萨 日喀则 昌都 林芝 山南 那曲 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 "
    U"商洛 兰州 嘉峪关 金昌 "
    U"白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 西宁 海东 银川 石嘴山 吴忠 固原 中卫 乌鲁木齐 克拉玛依 吐鲁番 哈密 "
    U"台北 新北 桃园 台中 "
    U"台南 高雄 基隆 新竹 嘉义";

// Words, and those that are places also with 省 or 市; the texts live as long as the program.
std::vector<FixedWord> fixed_words() {
  static std::deque<std::u32string> long_forms;
  const auto with = [](std::u32string_view word, char32_t suffix) -> std::u32string_view {
    long_forms.emplace_back(word).push_back(suffix);
    return long_forms.back();
  };
  std::vector<FixedWord> words(std::begin(kFixed), std::end(kFixed));
  for (const FixedWord& word : kFixed) {
    if (word.part == province && !word.word.ends_with(U'区')) words.push_back({with(word.word, U'省'), province});
  }
  for (std::size_t at = 0; at < kCities.size();) {
    const std::size_t end = std::min(kCities.find(U' ', at), kCities.size());
    words.push_back({kCities.substr(at, end - at), city});
    words.push_back({with(kCities.substr(at, end - at), U'市'), city});
    at = end + 1;
  }
  return words;
}

}  // namespace

const FixedWord* find_fixed(std::u32string_view text) {
  static const WordTable<FixedWord> table(fixed_words(), false);
  return table.find(text);
}

}  // namespace catchment::geo
