// ---- the navigation, and the page

/** The layer filter, and the section that is being read. */
function navigation() {
  const list = document.getElementById("layer");
  list.append(element("option", { value: "-1" }, "All layers"), ...layerNames.map((name, i) => element("option", { value: String(i) }, `Layer ${name}`)));
  list.addEventListener("change", () => showLayer(Number(list.value)));
  const links = [...document.querySelectorAll("nav a")];
  const seen = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => {
    for (const link of links) {
      const here = link.getAttribute("href") === `#${entry.target.id}`;
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      if (here) link.parentElement.scrollTo({ left: link.offsetLeft - 40 });
    }
  }), { rootMargin: "-25% 0px -65% 0px" });
  document.querySelectorAll("main > section").forEach((section) => seen.observe(section));
}

head();
tiles();
traffic();
balance();
nodes();
clusterMap();
moves();
price();
load();
scatter();
correlation();
domains();
drift();
precision();
kernels();
drawAll();
navigation();

let width = window.innerWidth;
let settled;
window.addEventListener("resize", () => {
  if (window.innerWidth !== width) {
    width = window.innerWidth;
    charts.forEach((one) => one.drawn.resize());
    // Margins and legends depend on the width: drawn anew once the width stays.
    clearTimeout(settled);
    settled = setTimeout(() => charts.forEach(draw), 150);
  }
});
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
// Print on white in a dark colour scheme too.
window.addEventListener("beforeprint", () => { document.documentElement.classList.add("paper"); drawAll(); });
window.addEventListener("afterprint", () => { document.documentElement.classList.remove("paper"); drawAll(); });
