#include "geo/address/address_words.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <vector>

namespace catchment::geo {
namespace {

using enum AddressPart;

constexpr NameSuffix kSuffixes[] = {
    {U"省", province, 0, 20},
    {U"自治区", province, 0, 20},
    {U"特别行政区", province, 0, 20},
    {U"市", city, 0, 20},
    {U"自治州", city, 0, 12},
    {U"地区", city, 2, 8},
    {U"盟", city, 4, 4},
    {U"区", district, 0, 20},
    {U"县", district, 0, 20},
    {U"自治县", district, 0, 12},
    {U"旗", district, 4, 4},
    {U"新区", district, 0, 12},
    {U"开发区", district, 0, 12},
    {U"高新区", district, 0, 12},
    {U"示范区", district, 0, 12},
    {U"街道", town, 0, 14},
    {U"街道办事处", town, 0, 14},
    {U"街道办", town, 0, 14},
    {U"街办", town, 0, 12},
    {U"办事处", town, 0, 12},
    {U"镇", town, 0, 15},
    {U"乡", town, 0, 14},
    {U"民族乡", town, 0, 12},
    {U"苏木", town, 0, 12},
    {U"社区", community, 0, 14},
    {U"社区居委会", community, 0, 14},
    {U"居委会", community, 0, 14},
    {U"居委", community, 0, 14},
    {U"居民委员会", community, 0, 14},
    {U"里", community, 1, 13},
    {U"村", village, 0, 12},
    {U"行政村", village, 0, 12},
    {U"自然村", village, 0, 12},
    {U"村委会", village, 0, 12},
    {U"村民委员会", village, 0, 12},
    {U"邻", group, 4, 6},
    {U"经济社", group, 0, 12},
    {U"合作社", group, 0, 12},
    {U"大队", village, 0, 12},
    {U"屯", village, 2, 5},
    {U"庄", village, 2, 5},
    {U"寨", village, 2, 5},
    {U"寮", village, 3, 3},
    {U"厝", village, 3, 3},
    {U"营", village, 4, 3},
    {U"宅", village, 4, 3},
    {U"路", street, 0, 15},
    {U"街", street, 0, 15},
    {U"道", street, 2, 9},
    {U"巷", street, 0, 12},
    {U"弄", street, 2, 8},
    {U"胡同", street, 0, 12},
    {U"条", street, 4, 4},
    {U"横", street, 5, 3},
    {U"小区", estate, 0, 14},
    {U"家园", estate, 0, 12},
    {U"花园", estate, 0, 10},
    {U"花苑", estate, 0, 12},
    {U"公寓", estate, 0, 12},
    {U"大厦", estate, 0, 12},
    {U"广场", estate, 0, 8},
    {U"新村", estate, 0, 10},
    {U"新城", estate, 0, 6},
    {U"家属院", estate, 0, 12},
    {U"家属区", estate, 0, 12},
    {U"家属楼", estate, 0, 12},
    {U"宿舍", estate, 0, 12},
    {U"宿舍区", estate, 0, 12},
    {U"生活区", estate, 0, 12},
    {U"住宅区", estate, 0, 12},
    {U"住宅楼", estate, 0, 12},
    {U"安置区", estate, 0, 12},
    {U"安置房", estate, 0, 12},
    {U"大院", estate, 0, 12},
    {U"山庄", estate, 0, 8},
    {U"别墅", estate, 0, 10},
    {U"公馆", estate, 0, 10},
    {U"府邸", estate, 0, 10},
    {U"世家", estate, 0, 10},
    {U"人家", estate, 0, 8},
    {U"名都", estate, 0, 8},
    {U"天地", estate, 2, 5},
    {U"国际", estate, 3, 3},
    {U"中心", estate, 3, 6},
    {U"苑", estate, 1, 12},
    {U"园", estate, 1, 12},
    {U"庭", estate, 2, 4},
    {U"府", estate, 3, 3},
    {U"湾", estate, 3, 3},
    {U"城", estate, 3, 6},
    {U"居", estate, 3, 3},
    {U"轩", estate, 2, 4},
    {U"阁", estate, 2, 4},
    {U"邸", estate, 2, 4},
    {U"郡", estate, 3, 4},
    {U"墅", estate, 2, 4},
    {U"院", estate, 2, 6},
    {U"坊", estate, 3, 4},
    {U"街坊", block, 0, 10},
    {U"小学", institution, 0, 12},
    {U"中学", institution, 0, 12},
    {U"国小", institution, 0, 12},
    {U"国中", institution, 0, 12},
    {U"高中", institution, 0, 12},
    {U"初中", institution, 0, 12},
    {U"学校", institution, 0, 12},
    {U"大学", institution, 0, 8},
    {U"学院", institution, 0, 8},
    {U"幼儿园", institution, 0, 12},
    {U"医院", institution, 0, 12},
    {U"卫生院", institution, 0, 12},
    {U"服务中心", institution, 0, 10},
    {U"公司", institution, 0, 12},
    {U"集团", institution, 0, 8},
    {U"酒店", institution, 0, 10},
    {U"宾馆", institution, 0, 10},
    {U"饭店", institution, 0, 10},
    {U"商场", institution, 0, 10},
    {U"超市", institution, 0, 10},
    {U"市场", institution, 0, 10},
    {U"银行", institution, 0, 10},
    {U"派出所", institution, 0, 12},
    {U"政府", institution, 0, 10},
    {U"法院", institution, 0, 10},
    {U"公园", institution, 0, 8},
    {U"车站", institution, 0, 8},
    {U"地铁站", institution, 0, 10},
    {U"加油站", institution, 0, 10},
    {U"图书馆", institution, 0, 10},
    {U"体育馆", institution, 0, 10},
    {U"博物馆", institution, 0, 10},
    {U"部队", institution, 0, 10},
    {U"农场", institution, 0, 10},
    {U"林场", institution, 0, 10},
    // Words that end in a suffix and end no name.
    {U"城市", unknown, 0, 0},
    {U"都市", unknown, 0, 0},
    {U"校区", unknown, 0, 0},
    {U"厂", institution, 3, 5},
    {U"店", institution, 4, 4},
};

constexpr NumberUnit kUnits[] = {
    {U"号", door},       {U"号门牌", door},     {U"号院", compound},  {U"号大院", compound}, {U"号家属院", compound},
    {U"大院", compound}, {U"号小区", compound}, {U"号楼", building},  {U"号栋", building},   {U"号幢", building},
    {U"号座", building}, {U"栋", building},     {U"幢", building},    {U"座", building},     {U"#楼", building},
    {U"#", building},    {U"排", building},     {U"栋楼", building},  {U"幢楼", building},   {U"单元", stair},
    {U"号单元", stair},  {U"门", stair},        {U"号门", stair},     {U"梯", stair},        {U"层", floor},
    {U"楼", floor},      {U"室", room},         {U"房", room},        {U"号房", room},       {U"号室", room},
    {U"户", room},       {U"弄", lane},         {U"巷", lane},        {U"号弄", lane},       {U"支弄", sublane},
    {U"支巷", sublane},  {U"组", group},        {U"社", group},       {U"队", group},        {U"邻", group},
    {U"小组", group},    {U"小队", group},      {U"村民小组", group}, {U"居民小组", group},  {U"生产队", group},
    {U"经济社", group},  {U"合作社", group},    {U"村民组", group},   {U"期", phase},        {U"区", phase},
    {U"组团", phase},    {U"街坊", block},      {U"米", detail},      {U"公里", detail},
};

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

constexpr std::u32string_view kSectionWords[] = {U"段", U"横路", U"横街", U"横巷", U"横", U"支路", U"支街"};

// Words by one of their end characters, longest first, so that the first that fits is the longest.
template <class Word>
class WordTable {
 public:
  WordTable(std::vector<Word> words, bool by_last) : words_(std::move(words)), by_last_(by_last) {
    std::stable_sort(words_.begin(), words_.end(), [this](const Word& a, const Word& b) {
      return key(a) != key(b) ? key(a) < key(b) : a.word.size() > b.word.size();
    });
    for (std::size_t i = 0; i < words_.size();) {
      std::size_t end = i;
      while (end < words_.size() && key(words_[end]) == key(words_[i])) ++end;
      starts_[slot(key(words_[i]))].push_back({key(words_[i]), i, end});
      i = end;
    }
  }

  const Word* find(std::u32string_view text) const {
    if (text.empty()) return nullptr;
    const char32_t c = by_last_ ? text.back() : text.front();
    for (const Start& start : starts_[slot(c)]) {
      if (start.c != c) continue;
      for (std::size_t i = start.begin; i < start.end; ++i) {
        const std::u32string_view word = words_[i].word;
        if (by_last_ ? text.ends_with(word) : text.starts_with(word)) return &words_[i];
      }
    }
    return nullptr;
  }

 private:
  struct Start {
    char32_t c;
    std::size_t begin;
    std::size_t end;
  };
  char32_t key(const Word& word) const { return by_last_ ? word.word.back() : word.word.front(); }
  static std::size_t slot(char32_t c) { return (c ^ c >> 7) & 255; }

  std::vector<Word> words_;
  bool by_last_;
  std::array<std::vector<Start>, 256> starts_;
};

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

const NameSuffix* find_suffix(std::u32string_view text) {
  static const WordTable<NameSuffix> table({std::begin(kSuffixes), std::end(kSuffixes)}, true);
  return table.find(text);
}

const NumberUnit* find_unit(std::u32string_view text) {
  static const WordTable<NumberUnit> table({std::begin(kUnits), std::end(kUnits)}, false);
  return table.find(text);
}

const FixedWord* find_fixed(std::u32string_view text) {
  static const WordTable<FixedWord> table(fixed_words(), false);
  return table.find(text);
}

std::size_t section_word(std::u32string_view text) {
  for (const std::u32string_view word : kSectionWords) {
    if (text.starts_with(word)) return word.size();
  }
  return 0;
}

}  // namespace catchment::geo
