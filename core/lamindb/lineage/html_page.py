"""A page with a picture to zoom, move, search and follow; one file that loads nothing."""

from __future__ import annotations

import html

from lamindb.lineage.diagram import Diagram
from lamindb.lineage.scene import draw
from lamindb.lineage.svg import to_svg

_STYLE = """
html,body{margin:0;height:100%;font:13px Helvetica,Arial,sans-serif;color:#1b1f24;background:#fff}
body{display:flex;flex-direction:column}
header{display:flex;gap:8px;align-items:center;padding:6px 10px;border-bottom:1px solid #d0d7de}
header .title{flex:1;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-weight:bold}
input,button{font:inherit;padding:3px 8px;border:1px solid #8c959f;border-radius:4px;background:#fff;color:inherit}
main{flex:1;overflow:hidden;cursor:grab;touch-action:none}
main:active{cursor:grabbing}
main svg{transform-origin:0 0;user-select:none;-webkit-user-select:none}
.node{cursor:pointer}
.some .node:not(.hit),.some .edge:not(.hit){opacity:.18}
.edge.hit{stroke:#1b1f24;stroke-width:2}
"""

# Only data attributes of the picture are read, and nothing is ever inserted as HTML.
_SCRIPT = """
(function(){
const main=document.querySelector('main'),svg=main.querySelector('svg');
const nodes=[...svg.querySelectorAll('.node')],edges=[...svg.querySelectorAll('.edge')];
const count=document.getElementById('count'),search=document.getElementById('search');
const box=svg.viewBox.baseVal;let k=1,x=0,y=0;
const apply=()=>{svg.style.transform=`translate(${x}px,${y}px) scale(${k})`};
const fit=()=>{const w=main.clientWidth,h=main.clientHeight;k=Math.min(w/box.width,h/box.height,1)||1;
 x=Math.max(0,(w-box.width*k)/2);y=0;apply()};
const zoom=(f,cx,cy)=>{const to=Math.min(8,Math.max(.02,k*f));x=cx-(cx-x)*to/k;y=cy-(cy-y)*to/k;k=to;apply()};
main.addEventListener('wheel',e=>{e.preventDefault();const r=main.getBoundingClientRect();
 zoom(Math.exp(-e.deltaY*.0015),e.clientX-r.left,e.clientY-r.top)},{passive:false});
let from=null,moved=false;
main.addEventListener('pointerdown',e=>{from=[e.clientX-x,e.clientY-y];moved=false});
window.addEventListener('pointermove',e=>{if(!from)return;const nx=e.clientX-from[0],ny=e.clientY-from[1];
 if(Math.abs(nx-x)+Math.abs(ny-y)>3)moved=true;x=nx;y=ny;apply()});
window.addEventListener('pointerup',()=>{from=null});
const mark=(ids,marked)=>{svg.classList.toggle('some',ids!==null);
 nodes.forEach(n=>n.classList.toggle('hit',ids!==null&&ids.has(n.dataset.id)));
 edges.forEach(e=>e.classList.toggle('hit',marked!==null&&marked.has(e)))};
const follow=id=>{const ids=new Set([id]),marked=new Set();
 for(const [near,far] of [['source','target'],['target','source']]){const seen=new Set([id]),todo=[id];
  while(todo.length){const at=todo.pop();for(const e of edges){if(e.dataset[near]!==at)continue;marked.add(e);
   const to=e.dataset[far];ids.add(to);if(!seen.has(to)){seen.add(to);todo.push(to)}}}}
 mark(ids,marked);count.textContent=ids.size+' connected'};
const clear=()=>{mark(null,null);count.textContent='';search.value=''};
svg.addEventListener('click',e=>{if(moved)return;const n=e.target.closest('.node');n?follow(n.dataset.id):clear()});
search.addEventListener('input',()=>{const text=search.value.trim().toLowerCase();
 if(!text){clear();return}
 const found=nodes.filter(n=>n.textContent.toLowerCase().includes(text));
 mark(new Set(found.map(n=>n.dataset.id)),new Set());count.textContent=found.length+' found';
 if(found.length){const b=found[0].getBBox();k=Math.max(k,.8);
  x=main.clientWidth/2-(b.x+b.width/2)*k;y=main.clientHeight/2-(b.y+b.height/2)*k;apply()}});
document.getElementById('fit').addEventListener('click',()=>{clear();fit()});
document.getElementById('in').addEventListener('click',()=>zoom(1.3,main.clientWidth/2,main.clientHeight/2));
document.getElementById('out').addEventListener('click',()=>zoom(1/1.3,main.clientWidth/2,main.clientHeight/2));
let touched=false;main.addEventListener('pointerdown',()=>{touched=true});
window.addEventListener('resize',()=>{if(!touched)fit()});
fit()})();
"""
_LEAST_HEIGHT, _GREATEST_HEIGHT = 220, 640


def page(diagram: Diagram) -> str:
    """Return the page."""
    return _page(to_svg(draw(diagram)), diagram.title)


def frame(diagram: Diagram) -> str:
    """Return the page in a frame of its own, so that neither its style nor its script touches the notebook around it."""
    scene = draw(diagram)
    height = round(min(_GREATEST_HEIGHT, max(_LEAST_HEIGHT, scene.height + 60)))
    content = html.escape(_page(to_svg(scene), diagram.title))
    title = html.escape(diagram.title)
    return (
        f'<iframe sandbox="allow-scripts" title="{title}" srcdoc="{content}"'
        f' style="width:100%;height:{height}px;border:1px solid #d0d7de;border-radius:6px"></iframe>'
    )


def _page(svg: str, title: str) -> str:
    title = html.escape(title)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><header>"
        f'<span class="title">{title}</span><span id="count"></span>'
        '<input id="search" type="search" placeholder="find" aria-label="find nodes">'
        '<button id="out" title="smaller">−</button><button id="in" title="bigger">+</button>'
        '<button id="fit" title="show everything">fit</button></header>'
        f"<main>{svg}</main><script>{_SCRIPT}</script></body></html>"
    )
