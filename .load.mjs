import module from 'node:module';
module.enableCompileCache('/work/wt/postgres/node_modules/.cache/switchboard');
const out=[]; for(const s of process.argv.slice(2)){ const a=process.cpuUsage(), t=performance.now(), r=process.memoryUsage.rss(); await import(s.startsWith('src')?'/work/wt/postgres/'+s:s); const u=process.cpuUsage(a); out.push(`${s.replace(/.*\//,'')} ${((u.user+u.system)/1e3).toFixed(0)}ms/${((process.memoryUsage.rss()-r)/1e6).toFixed(0)}MB`);} console.log(out.join('  '));
